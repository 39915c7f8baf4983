import type { InputOf } from "../../operations/input-shape.ts";
import { defineOperation } from "../../operations/operation.ts";
import { findCapacityProblem } from "../capacity.ts";
import { mergeConfigParameters } from "../config-parameters.ts";
import type { ServerlessContext } from "../context.ts";
import { conflict, validation, workgroupNotFound } from "../errors.ts";
import type { WorkgroupRecord } from "../state.ts";
import { checkSubnets, checkWorkgroupValues, describeWorkgroup, workgroupMembers } from "../workgroup.ts";

/** The value of `maxCapacity` that removes the maximum. */
const noMaxCapacity = -1;

/**
 * UpdateWorkgroup: one kind of change a request, where each member is a kind of its own. Source of the rule and its text:
 * hashicorp/terraform-provider-aws#28108, #28255; aws/aws-cli#7507.
 */
export const updateWorkgroup = defineOperation({
  shape: workgroupMembers,
  async run(context: ServerlessContext, input) {
    const { workgroupName, ...changes } = input;
    const members = Object.keys(workgroupMembers) as (keyof typeof changes)[];
    if (members.filter((member) => changes[member] != null).length > 1) {
      throw validation(`Can't update multiple configurations at the same time for workgroup ${workgroupName}.`);
    }
    checkWorkgroupValues(input);

    return context.registry.change((draft) => {
      const record = draft.workgroups.find((candidate) => candidate.workgroupName === workgroupName);
      if (!record) throw workgroupNotFound(workgroupName);
      if (context.registry.statusOf(record) !== "AVAILABLE") {
        throw conflict("There is an operation running on the workgroup. Try updating the workgroup again later.");
      }
      applyChange(record, input);
      const transition = context.registry.enter("MODIFYING");
      if (transition) record.transition = transition;
      return { workgroup: describeWorkgroup(context, record) };
    });
  },
});

function applyChange(record: WorkgroupRecord, input: InputOf<typeof workgroupMembers>): void {
  const { baseCapacity, maxCapacity, configParameters, subnetIds, enhancedVpcRouting, pricePerformanceTarget } = input;
  if (maxCapacity === noMaxCapacity) {
    // The service is not idempotent here (hashicorp/terraform-provider-aws#36032); the text is not confirmed.
    if (record.maxCapacity === undefined) {
      throw validation(`Serverless workgroup ${record.workgroupName} has no maxCapacity to remove.`);
    }
    delete record.maxCapacity;
  } else if (baseCapacity != null || maxCapacity != null) {
    const base = baseCapacity ?? record.baseCapacity;
    const max = maxCapacity ?? record.maxCapacity;
    const problem = findCapacityProblem(base, max);
    if (problem) throw validation(problem);
    record.baseCapacity = base;
    if (max !== undefined) record.maxCapacity = max;
  }
  if (configParameters != null) {
    const merged = mergeConfigParameters(record.configParameters, configParameters);
    if ("problem" in merged) throw validation(merged.problem);
    record.configParameters = merged.parameters;
  }
  if (subnetIds != null || enhancedVpcRouting != null) {
    record.subnetIds = subnetIds ?? record.subnetIds;
    record.enhancedVpcRouting = enhancedVpcRouting ?? record.enhancedVpcRouting;
    checkSubnets(record.subnetIds, record.enhancedVpcRouting);
  }
  if (pricePerformanceTarget != null) {
    record.pricePerformanceTarget = { ...record.pricePerformanceTarget, ...pricePerformanceTarget };
  }
  record.securityGroupIds = input.securityGroupIds ?? record.securityGroupIds;
  record.publiclyAccessible = input.publiclyAccessible ?? record.publiclyAccessible;
  record.port = input.port ?? record.port;
  record.ipAddressType = input.ipAddressType ?? record.ipAddressType;
  record.trackName = input.trackName ?? record.trackName;
  record.extraComputeForAutomaticOptimization =
    input.extraComputeForAutomaticOptimization ?? record.extraComputeForAutomaticOptimization;
}
