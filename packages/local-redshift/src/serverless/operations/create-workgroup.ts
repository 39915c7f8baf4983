import { randomUUID } from "node:crypto";
import { defineOperation } from "../../operations/operation.ts";
import { defaultBaseCapacity, findCapacityProblem } from "../capacity.ts";
import { mergeConfigParameters } from "../config-parameters.ts";
import type { ServerlessContext } from "../context.ts";
import { conflict, namespaceNotFound, quotaExceeded, validation } from "../errors.ts";
import { resourceName, tagList } from "../namespace.ts";
import type { WorkgroupRecord } from "../state.ts";
import {
  checkSubnets,
  checkWorkgroupValues,
  defaultPort,
  describeWorkgroup,
  maxWorkgroupCount,
  workgroupMembers,
} from "../workgroup.ts";

/** CreateWorkgroup: opens the namespace's database, so that its streaming views refresh from now on. */
export const createWorkgroup = defineOperation({
  shape: { ...workgroupMembers, namespaceName: { ...resourceName }, tags: tagList },
  async run(context: ServerlessContext, input) {
    checkWorkgroupValues(input);
    const baseCapacity = input.baseCapacity ?? defaultBaseCapacity;
    const problem = findCapacityProblem(baseCapacity, input.maxCapacity);
    if (problem) throw validation(problem);
    const merged = mergeConfigParameters({}, input.configParameters ?? []);
    if ("problem" in merged) throw validation(merged.problem);
    const enhancedVpcRouting = input.enhancedVpcRouting ?? false;
    checkSubnets(input.subnetIds ?? [], enhancedVpcRouting);

    return context.registry.change(async (draft) => {
      const namespace = draft.namespaces.find(({ namespaceName }) => namespaceName === input.namespaceName);
      if (!namespace) throw namespaceNotFound(input.namespaceName);
      if (draft.workgroups.some(({ workgroupName }) => workgroupName === input.workgroupName)) {
        throw conflict(`Serverless workgroup ${input.workgroupName} already exists.`);
      }
      if (context.registry.statusOf(namespace) !== "AVAILABLE") {
        throw conflict("There is an operation running on the namespace. Try creating the workgroup again later.");
      }
      const other = draft.workgroups.find(({ namespaceName }) => namespaceName === input.namespaceName);
      if (other) {
        throw conflict(`Serverless namespace ${input.namespaceName} already has workgroup ${other.workgroupName}.`);
      }
      if (draft.workgroups.length >= maxWorkgroupCount) {
        throw quotaExceeded(`You can have at most ${maxWorkgroupCount} workgroups.`);
      }
      const transition = context.registry.enter("CREATING");
      const record: WorkgroupRecord = {
        workgroupId: randomUUID(),
        workgroupName: input.workgroupName,
        namespaceName: input.namespaceName,
        baseCapacity,
        ...(input.maxCapacity === undefined ? {} : { maxCapacity: input.maxCapacity }),
        enhancedVpcRouting,
        publiclyAccessible: input.publiclyAccessible ?? false,
        configParameters: merged.parameters,
        subnetIds: input.subnetIds ?? [],
        securityGroupIds: input.securityGroupIds ?? [],
        port: input.port ?? defaultPort,
        ipAddressType: input.ipAddressType ?? "ipv4",
        pricePerformanceTarget: { status: "ENABLED", level: 50, ...input.pricePerformanceTarget },
        trackName: input.trackName ?? "current",
        extraComputeForAutomaticOptimization: input.extraComputeForAutomaticOptimization ?? false,
        creationDate: new Date(context.now()).toISOString(),
        tags: input.tags ?? [],
        ...(transition ? { transition } : {}),
      };
      await context.databases.open(namespace, namespace.dbName);
      draft.workgroups.push(record);
      return { workgroup: describeWorkgroup(context, record) };
    });
  },
});
