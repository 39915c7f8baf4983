import type { GivenSettings, SettingKey } from "./setting-keys.ts";

/** A rule that joins settings, or a setting and the stage. It is not asked when a key it reads could not be read. */
export interface SettingRule {
  readonly reads: readonly SettingKey[];
  /** What is wrong, with the cure; `undefined` when the settings keep the rule. */
  problem(given: GivenSettings, about: RuleSurroundings): string | undefined;
}

interface RuleSurroundings {
  readonly isProduction: boolean;
  isSecret(key: SettingKey): boolean;
}

/** Hours of retention below which stopping the warehouse at its usage limit would soon lose events. */
const retentionForDeactivateHours = 168;

export const settingRules: readonly SettingRule[] = [
  {
    reads: ["streamMode", "shardCount"],
    problem: ({ streamMode, shardCount }) =>
      streamMode === "PROVISIONED" && shardCount === undefined
        ? "millrace:shardCount is missing: a PROVISIONED stream needs it"
        : undefined,
  },
  {
    reads: ["streamMode", "shardCount"],
    problem: ({ streamMode, shardCount }) =>
      streamMode !== "PROVISIONED" && shardCount !== undefined
        ? "millrace:shardCount goes with millrace:streamMode PROVISIONED only: an ON_DEMAND stream has as many shards as it needs"
        : undefined,
  },
  {
    reads: ["baseCapacity", "maxCapacity"],
    problem: ({ baseCapacity = 8, maxCapacity = Infinity }) =>
      maxCapacity < baseCapacity
        ? `millrace:maxCapacity (${maxCapacity}) must not be below millrace:baseCapacity (${baseCapacity})`
        : undefined,
  },
  {
    reads: ["adminUserPassword"],
    problem: ({ adminUserPassword }, { isSecret }) =>
      adminUserPassword !== undefined && !isSecret("adminUserPassword")
        ? "millrace:adminUserPassword stands in the stack file in the clear: remove it, choose another and set it with `pulumi config set --secret`"
        : undefined,
  },
  {
    reads: ["adminUserPassword", "adminSecretArn"],
    problem: ({ adminUserPassword, adminSecretArn }) =>
      (adminUserPassword === undefined) !== (adminSecretArn === undefined)
        ? "millrace:adminUserPassword and millrace:adminSecretArn go together: the migrations log in with a Secrets Manager secret that holds the given password; leave both out and Redshift manages password and secret"
        : undefined,
  },
  {
    reads: ["usageLimitEnabled", "usageLimitRpuHours", "usageLimitPeriod", "usageLimitBreachAction"],
    problem: ({ usageLimitEnabled, usageLimitRpuHours, usageLimitPeriod, usageLimitBreachAction }) =>
      usageLimitEnabled === false && (usageLimitRpuHours ?? usageLimitPeriod ?? usageLimitBreachAction) !== undefined
        ? "millrace:usageLimitEnabled is false, so the other millrace:usageLimit… settings must be left out"
        : undefined,
  },
  {
    reads: ["usageLimitBreachAction", "retentionHours"],
    problem: ({ usageLimitBreachAction, retentionHours }, { isProduction }) =>
      usageLimitBreachAction === "deactivate" &&
      (retentionHours ?? (isProduction ? 168 : 24)) < retentionForDeactivateHours
        ? `millrace:usageLimitBreachAction deactivate stops ingestion while the stream's retention runs: set millrace:retentionHours to ${retentionForDeactivateHours} or more, or use emit-metric`
        : undefined,
  },
  {
    reads: ["publiclyAccessible"],
    problem: ({ publiclyAccessible }, { isProduction }) =>
      isProduction && publiclyAccessible === true
        ? "millrace:publiclyAccessible must not be true in production: reach the warehouse through the Data API or from inside the VPC"
        : undefined,
  },
  {
    reads: ["subnetIds"],
    problem: ({ subnetIds }, { isProduction }) =>
      isProduction && subnetIds === undefined
        ? "millrace:subnetIds is missing: production runs in private subnets of your own; list at least three, in three availability zones"
        : undefined,
  },
  {
    reads: ["securityGroupIds"],
    problem: ({ securityGroupIds }, { isProduction }) =>
      isProduction && securityGroupIds === undefined
        ? "millrace:securityGroupIds is missing: list the security groups that production's warehouse belongs to"
        : undefined,
  },
  {
    reads: ["subnetIds", "securityGroupIds"],
    problem: ({ subnetIds, securityGroupIds }, { isProduction }) =>
      !isProduction && (subnetIds === undefined) !== (securityGroupIds === undefined)
        ? "millrace:subnetIds and millrace:securityGroupIds go together: give both, or neither to use the default VPC"
        : undefined,
  },
];
