import type { Shape } from "../operations/input-shape.ts";
import { arnOf } from "./arn.ts";
import { listConfigParameters } from "./config-parameters.ts";
import type { ServerlessContext } from "./context.ts";
import { validation } from "./errors.ts";
import { resourceName } from "./namespace.ts";
import type { WorkgroupRecord } from "./state.ts";

/** Most workgroups of an account; source: Redshift management guide, amazon-redshift-limits. */
export const maxWorkgroupCount = 25;

/** The port that a workgroup's endpoint has unless it names another. */
export const defaultPort = 5439;

/** The members that creating and updating a workgroup share. */
export const workgroupMembers = {
  workgroupName: resourceName,
  baseCapacity: { type: "integer" },
  maxCapacity: { type: "integer" },
  enhancedVpcRouting: { type: "boolean" },
  configParameters: {
    type: "list",
    member: {
      type: "structure",
      members: { parameterKey: { type: "string" }, parameterValue: { type: "string" } },
    },
  },
  securityGroupIds: { type: "list", maxLength: 32, member: { type: "string" } },
  subnetIds: { type: "list", maxLength: 32, member: { type: "string" } },
  publiclyAccessible: { type: "boolean" },
  port: { type: "integer" },
  ipAddressType: { type: "string", values: ["ipv4", "dualstack"] },
  pricePerformanceTarget: {
    type: "structure",
    members: { status: { type: "string", values: ["ENABLED", "DISABLED"] }, level: { type: "integer" } },
  },
  trackName: { type: "string", pattern: /^[a-zA-Z0-9_]+$/ },
  extraComputeForAutomaticOptimization: { type: "boolean" },
} as const satisfies Shape;

/** A workgroup as the API answers it. */
export function describeWorkgroup(context: ServerlessContext, record: WorkgroupRecord): Record<string, unknown> {
  return {
    workgroupId: record.workgroupId,
    workgroupArn: arnOf(context, "workgroup", record.workgroupId),
    workgroupName: record.workgroupName,
    namespaceName: record.namespaceName,
    baseCapacity: record.baseCapacity,
    maxCapacity: record.maxCapacity,
    enhancedVpcRouting: record.enhancedVpcRouting,
    configParameters: listConfigParameters(record.configParameters),
    securityGroupIds: record.securityGroupIds,
    subnetIds: record.subnetIds,
    status: context.registry.statusOf(record),
    endpoint: {
      address: `${record.workgroupName}.${context.accountId}.${context.region}.redshift-serverless.amazonaws.com`,
      port: record.port,
      vpcEndpoints: [],
    },
    publiclyAccessible: record.publiclyAccessible,
    creationDate: record.creationDate,
    port: record.port,
    ipAddressType: record.ipAddressType,
    pricePerformanceTarget: record.pricePerformanceTarget,
    trackName: record.trackName,
    extraComputeForAutomaticOptimization: record.extraComputeForAutomaticOptimization,
  };
}

/** Refuses a port outside 5431-5455 and 8191-8215, a level that is not one of five. Source: the service model. */
export function checkWorkgroupValues(input: {
  readonly port?: number;
  readonly pricePerformanceTarget?: { readonly level?: number };
}): void {
  const { port, pricePerformanceTarget: target } = input;
  if (port !== undefined && !(port >= 5431 && port <= 5455) && !(port >= 8191 && port <= 8215)) {
    throw validation(`port must be from 5431 to 5455 or from 8191 to 8215, got ${port}.`);
  }
  if (target?.level !== undefined && ![1, 25, 50, 75, 100].includes(target.level)) {
    throw validation(`The level of pricePerformanceTarget must be 1, 25, 50, 75 or 100, got ${target.level}.`);
  }
}

/**
 * Refuses too few subnets: two without enhanced VPC routing, three with it. That they lie in as many zones is not checked.
 * No subnets means the default VPC's. Source: Redshift management guide, serverless-usage-considerations.
 */
export function checkSubnets(subnetIds: readonly string[], enhancedVpcRouting: boolean): void {
  const least = enhancedVpcRouting ? 3 : 2;
  if (subnetIds.length > 0 && subnetIds.length < least) {
    throw validation(
      `subnetIds must name at least ${least} subnets in ${least} Availability Zones, got ${subnetIds.length}.`,
    );
  }
}
