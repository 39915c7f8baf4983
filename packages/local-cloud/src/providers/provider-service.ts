import grpc from "@grpc/grpc-js";
import type { Metadata } from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type {
  CheckRequest,
  ConfigureRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  InvokeRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { adoptKey } from "../pulumi/adopt-key.ts";
import { completeService, fromStruct, serve, toStruct } from "../pulumi/rpc.ts";
import { IncompleteStateError, type LocalProvider, type ResourceDiff, type ResourceState } from "./local-provider.ts";
import type { PropertyProblem } from "./resource-handler.ts";

/** Adds a local provider to a gRPC server as Pulumi's ResourceProvider service; `version` is the one that its SDK expects. */
export function addProviderService(server: grpc.Server, provider: LocalProvider, version: string): void {
  const implementation = {
    getPluginInfo: serve(() => {
      const answer = new plugin.PluginInfo();
      answer.setVersion(version);
      return answer;
    }),
    checkConfig: serve((request: CheckRequest) => {
      const inputs = fromStruct(request.getNews());
      return checkResponse(inputs, provider.checkConfig(inputs));
    }),
    diffConfig: serve((request: DiffRequest) => {
      const same =
        JSON.stringify(fromStruct(request.getOldInputs() ?? request.getOlds())) ===
        JSON.stringify(fromStruct(request.getNews()));
      const answer = new messages.DiffResponse();
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      answer.setChanges(same ? DIFF_NONE : DIFF_SOME);
      return answer;
    }),
    configure: serve(async (request: ConfigureRequest) => {
      await provider.configure(fromStruct(request.getArgs()));
      const answer = new messages.ConfigureResponse();
      answer.setAcceptsecrets(true);
      answer.setSupportspreview(true);
      return answer;
    }),
    check: serve(async (request: CheckRequest) => {
      const { inputs, problems } = await provider.check({
        urn: request.getUrn(),
        inputs: fromStruct(request.getNews()),
        oldInputs: fromStruct(request.getOlds()),
        seed: request.getRandomseed_asU8(),
      });
      return checkResponse(inputs, problems);
    }),
    diff: serve(async (request: DiffRequest) =>
      diffResponse(
        await provider.diff({
          urn: request.getUrn(),
          oldInputs: fromStruct(request.getOldInputs()),
          inputs: fromStruct(request.getNews()),
        }),
      ),
    ),
    create: serve(async (request: CreateRequest, metadata: Metadata) => {
      const answer = new messages.CreateResponse();
      const inputs = fromStruct(request.getProperties());
      if (request.getPreview()) return (answer.setProperties(toStruct(inputs)), answer);
      const adopt = metadata.get(adoptKey).length > 0;
      const made = await withIncomplete(provider.create({ urn: request.getUrn(), inputs, adopt }));
      answer.setId(made.id);
      answer.setProperties(toStruct(made.outputs));
      return answer;
    }),
    read: serve(async (request: ReadRequest) => {
      const answer = new messages.ReadResponse();
      const seen = await provider.read({
        urn: request.getUrn(),
        id: request.getId(),
        inputs: fromStruct(request.getInputs()),
      });
      if (!seen) return answer;
      answer.setId(seen.id);
      answer.setProperties(toStruct(seen.outputs));
      answer.setInputs(toStruct(seen.inputs ?? {}));
      return answer;
    }),
    update: serve(async (request: UpdateRequest) => {
      const answer = new messages.UpdateResponse();
      const inputs = fromStruct(request.getNews());
      const olds = fromStruct(request.getOlds());
      if (request.getPreview()) return (answer.setProperties(toStruct({ ...olds, ...inputs })), answer);
      const updated = await provider.update({
        urn: request.getUrn(),
        id: request.getId(),
        oldInputs: fromStruct(request.getOldInputs()),
        inputs,
      });
      answer.setProperties(toStruct(updated.outputs));
      return answer;
    }),
    delete: serve(async (request: DeleteRequest) => {
      await provider.remove({ urn: request.getUrn(), id: request.getId() });
      return new empty.Empty();
    }),
    invoke: serve((request: InvokeRequest) => {
      const answer = new messages.InvokeResponse();
      answer.setReturn(toStruct(provider.invoke(request.getTok(), fromStruct(request.getArgs()))));
      return answer;
    }),
    cancel: serve(() => new empty.Empty()),
    attach: serve(() => new empty.Empty()),
  };
  server.addService(
    services.ResourceProviderService,
    completeService(services.ResourceProviderService, implementation as never),
  );
}

function checkResponse(inputs: Record<string, unknown>, problems: readonly PropertyProblem[]) {
  const answer = new messages.CheckResponse();
  answer.setInputs(toStruct(inputs));
  answer.setFailuresList(
    problems.map(({ property, reason }) => {
      const failure = new messages.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return answer;
}

function diffResponse({ changes, deleteBeforeReplace }: ResourceDiff) {
  const answer = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const { Kind } = messages.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const keys = (some: typeof changes) => [...new Set(some.map(({ path }) => path.split(/[.[]/)[0] ?? path))];
  answer.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  answer.setDiffsList(keys(changes));
  answer.setReplacesList(keys(changes.filter(({ replaces }) => replaces)));
  answer.setDeletebeforereplace(deleteBeforeReplace);
  answer.setHasdetaileddiff(true);
  for (const change of changes) {
    const detail = new messages.PropertyDiff();
    detail.setKind(kinds[change.kind][change.replaces ? 1 : 0]);
    detail.setInputdiff(true);
    answer.getDetaileddiffMap().set(change.path, detail);
  }
  return answer;
}

/** Turns a resource that was made but not finished into the error that tells the engine to keep it. */
async function withIncomplete(creation: Promise<ResourceState>): Promise<ResourceState> {
  try {
    return await creation;
  } catch (error) {
    if (!(error instanceof IncompleteStateError)) throw error;
    const detail = new messages.ErrorResourceInitFailed();
    detail.setId(error.state.id);
    detail.setProperties(toStruct(error.state.outputs));
    detail.setInputs(toStruct(error.state.inputs));
    detail.setReasonsList([error.message]);
    const packed = new any.Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const trailer = new status.Status();
    trailer.setCode(grpc.status.UNKNOWN);
    trailer.setMessage(error.message);
    trailer.addDetails(packed);
    const metadata = new grpc.Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(trailer.serializeBinary()));
    throw Object.assign(new Error(error.message), { code: grpc.status.UNKNOWN, metadata });
  }
}
