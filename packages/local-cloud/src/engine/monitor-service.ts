import grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import type { LogRequest, SetRootResourceRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import { completeService, fromStruct, serve, toStruct } from "../pulumi/rpc.ts";
import { nameOfUrn, typeOfUrn } from "../pulumi/urn.ts";
import type { OnEvent } from "./deploy-event.ts";
import type { Deployment } from "./deployment.ts";
import { readRegistration } from "./registration.ts";

/** What the program can ask of the engine: its ResourceMonitor and Engine services, apart from the wire. */
export interface ProgramHost {
  readonly project: string;
  readonly stack: string;
  readonly dryRun: boolean;
  readonly parallel: number;
  readonly deployment: Deployment;
  readonly onEvent: OnEvent;
  /** Something the program did that the engine refuses; the run ends with it. */
  refuse(error: Error): void;
}

/** Adds the two services that a hosted program talks to. */
export function addMonitorServices(server: grpc.Server, host: ProgramHost): void {
  const { deployment, onEvent } = host;
  const monitor = {
    supportsFeature: serve(() => {
      const answer = new messages.SupportsFeatureResponse();
      answer.setHassupport(false);
      return answer;
    }),
    getDeploymentInfo: serve(() => {
      const answer = new messages.DeploymentInfo();
      const { RESOURCE_MONITOR_FEATURE_SECRETS, RESOURCE_MONITOR_FEATURE_ALIAS_SPECS } =
        messages.ResourceMonitorFeature;
      answer.setProject(host.project);
      answer.setStack(host.stack);
      answer.setDryrun(host.dryRun);
      answer.setParallel(host.parallel);
      answer.setSupportedfeaturesList([RESOURCE_MONITOR_FEATURE_SECRETS, RESOURCE_MONITOR_FEATURE_ALIAS_SPECS]);
      return answer;
    }),
    registerResource: serve(async (request: RegisterResourceRequest) => {
      try {
        const { urn, id, outputs } = await deployment.register(readRegistration(request));
        const answer = new messages.RegisterResourceResponse();
        answer.setUrn(urn);
        answer.setId(id);
        answer.setObject(toStruct(outputs));
        return answer;
      } catch (error) {
        throw stopProgram(error);
      }
    }),
    registerResourceOutputs: serve((request: RegisterResourceOutputsRequest) => {
      deployment.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new empty.Empty();
    }),
    invoke: serve(async (request: ResourceInvokeRequest) => {
      const answer = new messages.ResourceInvokeResponse();
      const args = fromStruct(request.getArgs());
      answer.setReturn(
        toStruct(await deployment.invoke({ token: request.getTok(), args, provider: request.getProvider() })),
      );
      return answer;
    }),
    readResource: serve(() => {
      throw new Error(
        "The small engine does not look up existing resources by id (`get`): use a look-up, or deploy with the Pulumi CLI.",
      );
    }),
    signalAndWaitForShutdown: serve(() => new empty.Empty()),
  };
  /** Ends the program as Pulumi's own engine does when a step fails: quietly, since the failure is told by the engine. */
  const stopProgram = (error: unknown): Error => {
    if (error instanceof Error && deployment.steps.failures.length === 0) host.refuse(error);
    return Object.assign(new Error("the deployment stopped"), { code: grpc.status.UNAVAILABLE });
  };
  server.addService(
    services.ResourceMonitorService,
    completeService(services.ResourceMonitorService, monitor as never),
  );
  server.addService(
    engineServices.EngineService,
    completeService(engineServices.EngineService, makeEngine(onEvent) as never),
  );
}

function makeEngine(onEvent: OnEvent) {
  let root = "";
  const severities = { 1: "info", 2: "warning", 3: "error" } as const;
  return {
    log: serve((request: LogRequest) => {
      const status = severities[request.getSeverity() as 1 | 2 | 3];
      const urn = request.getUrn();
      if (status && request.getMessage().trim() !== "") {
        onEvent({
          kind: "diagnostic",
          urn,
          type: urn ? typeOfUrn(urn) : "",
          name: urn ? nameOfUrn(urn) : "program",
          operation: "log",
          status,
          message: request.getMessage(),
        });
      }
      return new empty.Empty();
    }),
    setRootResource: serve((request: SetRootResourceRequest) => {
      root = request.getUrn();
      return new engineMessages.SetRootResourceResponse();
    }),
    getRootResource: serve(() => {
      const answer = new engineMessages.GetRootResourceResponse();
      answer.setUrn(root);
      return answer;
    }),
    requirePulumiVersion: serve(() => new engineMessages.RequirePulumiVersionResponse()),
  };
}
