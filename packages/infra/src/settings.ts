import { type GivenSettings, type SettingKey, settingKeys } from "./setting-keys.ts";
import { settingRules } from "./setting-rules.ts";

/** What a stage's configuration says, checked as a whole. */
export interface Settings {
  readonly stage: string;
  /** Whether this stage is held to the rules of production: its name is `production` or begins with `production-`. */
  readonly isProduction: boolean;
  readonly region: string;
  readonly stream: StreamSettings;
  readonly warehouse: WarehouseSettings;
  readonly network: NetworkSettings;
  readonly producer: ProducerSettings;
  /** Whether stream, namespace and key are protected and outlive the stack. Default: in production. */
  readonly protectData: boolean;
}

export interface StreamSettings {
  readonly mode: "ON_DEMAND" | "PROVISIONED";
  /** Given exactly when `mode` is `PROVISIONED`. */
  readonly shardCount: number | undefined;
  /** 24 to 8760. Default 24, in production 168: a warehouse that is down over a weekend loses nothing. */
  readonly retentionHours: number;
  readonly key: "aws-managed" | "customer-managed";
}

export interface WarehouseSettings {
  readonly databaseName: string;
  readonly adminUsername: string;
  /** A password of the user's own and the secret that holds it; without it Redshift keeps the password in Secrets Manager. */
  readonly givenAdmin: { readonly password: string; readonly secretArn: string } | undefined;
  readonly namespaceName: string;
  readonly workgroupName: string;
  /** RPU. Default 8. */
  readonly baseCapacity: number;
  /** RPU, not below `baseCapacity`. Default 64, or the base capacity where that is more. */
  readonly maxCapacity: number;
  readonly usageLimit: UsageLimitSettings | undefined;
  readonly publiclyAccessible: boolean;
  readonly enhancedVpcRouting: boolean;
  readonly logExports: readonly ("userlog" | "connectionlog" | "useractivitylog")[];
}

export interface UsageLimitSettings {
  /** RPU-hours in one period. Default: the period at base capacity, so that only scaling beyond it is told. */
  readonly amountRpuHours: number;
  readonly period: "daily" | "weekly" | "monthly";
  readonly breachAction: "log" | "emit-metric" | "deactivate";
}

/** Either the subnets and security groups that were given, or those of the default VPC. */
export type NetworkSettings =
  | { readonly kind: "default-vpc" }
  | { readonly kind: "given"; readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };

export interface ProducerSettings {
  readonly scheduleEnabled: boolean;
  /** EventBridge Scheduler's syntax. Default `rate(1 minute)`. */
  readonly scheduleExpression: string;
  /** Events of one scheduled invocation. Default 5. */
  readonly scheduleEventCount: number;
  readonly logRetentionDays: number;
}

/** Where settings come from: what Pulumi hands to a program. */
export interface SettingsSource {
  /** The stack's name. */
  readonly stage: string;
  /** The stack's whole configuration, by full key (`millrace:retentionHours`); lists are JSON texts. */
  readonly config: Readonly<Record<string, string>>;
  /** Whether a full key is kept as a Pulumi secret. */
  isSecret(key: string): boolean;
}

/** All that is wrong with a stage's configuration; the message has a line for each problem. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly problems: readonly string[];

  constructor(stage: string, problems: readonly string[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = problems.map((problem) => `  - ${problem}`).join("\n");
    super(`stacks/Pulumi.${stage}.yaml has ${count}; nothing was changed:\n${lines}`);
    this.problems = problems;
  }
}

/**
 * Reads a stage's configuration: unknown keys, values out of range and settings that do not go together are gathered
 * into one `SettingsError`. Values of secrets never appear in it.
 */
export function readSettings(source: SettingsSource): Settings {
  const { stage } = source;
  const isProduction = stage === "production" || stage.startsWith("production-");
  const { given, unread, problems } = readGiven(source);
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(stage)) {
    problems.unshift(
      `the stack's name is part of resource names and must be 1 to 30 characters of a-z, 0-9 and -, beginning with a letter, got "${stage}"`,
    );
  }
  for (const rule of settingRules) {
    if (rule.reads.some((key) => unread.has(key))) continue;
    const problem = rule.problem(given, { isProduction, isSecret: (key) => source.isSecret(`millrace:${key}`) });
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) throw new SettingsError(stage, problems);
  return withDefaults(given, { stage, isProduction, region: source.config["aws:region"] ?? "" });
}

/** Reads every key by itself. */
function readGiven(source: SettingsSource): { given: GivenSettings; unread: Set<SettingKey>; problems: string[] } {
  const given: Partial<Record<SettingKey, unknown>> = {};
  const unread = new Set<SettingKey>();
  const problems: string[] = [];
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(source.config["aws:region"] ?? "")) {
    const got = source.config["aws:region"];
    problems.push(`aws:region must be a region such as eu-west-1, got ${got === undefined ? "nothing" : `"${got}"`}`);
  }
  for (const [key, text] of Object.entries(source.config)) {
    const [, namespace, name] = /^([^:]*):(.*)$/.exec(key) ?? [undefined, "", key];
    if (namespace === "pulumi" || key === "aws:region") continue;
    if (namespace !== "millrace" || !isSettingKey(name)) {
      problems.push(`${key} ${whyUnknown(key)}`);
      continue;
    }
    const value = settingKeys[name].read(text);
    if (value !== undefined) {
      given[name] = value;
      continue;
    }
    const shown = source.isSecret(key) || name === "adminUserPassword" ? "a value that is not shown" : `"${text}"`;
    problems.push(`${key} must be ${settingKeys[name].expected}, got ${shown}`);
    unread.add(name);
  }
  return { given: given as GivenSettings, unread, problems };
}

function isSettingKey(name: string | undefined): name is SettingKey {
  return name !== undefined && Object.hasOwn(settingKeys, name);
}

function whyUnknown(key: string): string {
  if (/^aws(-native)?:(profile|assumeRoles?)\b/.test(key)) {
    return "is not taken: it would move the resources to another account but not the SQL of the migrations; set the environment variable AWS_PROFILE instead, which moves both";
  }
  if (/^aws(-native)?:/.test(key)) {
    return "is not taken: the program makes its own providers, which read aws:region alone; credentials come from the environment";
  }
  return "is not a setting of this program; packages/infra/README.md lists them all";
}

function withDefaults(
  given: GivenSettings,
  { stage, isProduction, region }: { stage: string; isProduction: boolean; region: string },
): Settings {
  const baseCapacity = given.baseCapacity ?? 8;
  const period = given.usageLimitPeriod ?? "daily";
  return {
    stage,
    isProduction,
    region,
    stream: {
      mode: given.streamMode ?? "ON_DEMAND",
      shardCount: given.shardCount,
      retentionHours: given.retentionHours ?? (isProduction ? 168 : 24),
      key: given.streamKey ?? "aws-managed",
    },
    warehouse: {
      databaseName: given.databaseName ?? "dev",
      adminUsername: given.adminUsername ?? "admin",
      givenAdmin:
        given.adminUserPassword === undefined || given.adminSecretArn === undefined
          ? undefined
          : { password: given.adminUserPassword, secretArn: given.adminSecretArn },
      namespaceName: given.namespaceName ?? `millrace-${stage}`,
      workgroupName: given.workgroupName ?? `millrace-${stage}`,
      baseCapacity,
      maxCapacity: given.maxCapacity ?? Math.max(64, baseCapacity),
      usageLimit:
        given.usageLimitEnabled === false
          ? undefined
          : {
              amountRpuHours:
                given.usageLimitRpuHours ?? baseCapacity * { daily: 24, weekly: 168, monthly: 720 }[period],
              period,
              breachAction: given.usageLimitBreachAction ?? "emit-metric",
            },
      publiclyAccessible: given.publiclyAccessible ?? false,
      enhancedVpcRouting: given.enhancedVpcRouting ?? false,
      logExports: given.logExports ?? ["userlog", "connectionlog", "useractivitylog"],
    },
    network:
      given.subnetIds === undefined || given.securityGroupIds === undefined
        ? { kind: "default-vpc" }
        : { kind: "given", subnetIds: given.subnetIds, securityGroupIds: given.securityGroupIds },
    producer: {
      scheduleEnabled: given.scheduleEnabled ?? false,
      scheduleExpression: given.scheduleExpression ?? "rate(1 minute)",
      scheduleEventCount: given.scheduleEventCount ?? 5,
      logRetentionDays: given.producerLogRetentionDays ?? 14,
    },
    protectData: given.protectData ?? isProduction,
  };
}
