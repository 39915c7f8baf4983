import { flag, integer, listOf, oneOf, type Reader, textLike } from "./setting-readers.ts";

/**
 * Base capacities that Redshift Serverless takes, in RPU: 4, 8 to 512 in steps of 8, 544 to 1024 in steps of 32.
 * 4 and those above 512 exist in some regions only. Source: Redshift Management Guide, serverless-capacity.
 */
export function isBaseCapacity(rpu: number): boolean {
  if (rpu === 4) return true;
  return rpu <= 512 ? rpu >= 8 && rpu % 8 === 0 : rpu <= 1024 && rpu % 32 === 0;
}

/** Days that CloudWatch Logs keeps a log group, as its API takes them. Source: CloudWatch Logs, PutRetentionPolicy. */
const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const name = /^[a-zA-Z][a-zA-Z_0-9+.@-]{0,126}$/;
const nameExpected = "1 to 127 characters: a letter, then letters, digits and _ + . @ -";

/** 8 to 64 printable ASCII characters without space " ' / @ \, with upper and lower case and a digit (CreateNamespace). */
const password = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[!#-&(-.0-?A-[\]-~]{8,64}$/;

/**
 * Every setting of a stage, by its key in `stacks/Pulumi.<stage>.yaml` (there with `millrace:` in front), and how its
 * text is read. Defaults and the rules that join two settings are in `settings.ts`.
 */
export const settingKeys = {
  streamMode: oneOf("ON_DEMAND", "PROVISIONED"),
  // 10,000 shards is the most that UpdateShardCount takes (Kinesis API reference).
  shardCount: integer("an integer from 1 to 10000", (n) => n >= 1 && n <= 10_000),
  retentionHours: integer("an integer from 24 to 8760, in hours", (n) => n >= 24 && n <= 8760),
  streamKey: oneOf("aws-managed", "customer-managed"),

  databaseName: textLike(nameExpected, name),
  adminUsername: textLike(nameExpected, name),
  adminUserPassword: textLike(
    "8 to 64 printable ASCII characters other than space, \", ', /, @ and \\, among them an upper-case letter, a lower-case letter and a digit",
    password,
  ),
  adminSecretArn: textLike(
    "the ARN of a Secrets Manager secret",
    /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/,
  ),
  namespaceName: textLike("3 to 64 characters of a-z, 0-9 and -", /^[a-z0-9-]{3,64}$/),
  // The service takes 64, the Data API, through which the migrations run, only 63.
  workgroupName: textLike("3 to 63 characters of a-z, 0-9 and -", /^[a-z0-9-]{3,63}$/),
  baseCapacity: integer(
    "4, a multiple of 8 from 8 to 512, or a multiple of 32 from 544 to 1024, in RPU",
    isBaseCapacity,
  ),
  maxCapacity: integer("an integer from 4 to 5632, in RPU", (n) => n >= 4 && n <= 5632),
  usageLimitEnabled: flag(),
  usageLimitRpuHours: integer("an integer from 1 to 10000000, in RPU-hours", (n) => n >= 1 && n <= 10_000_000),
  usageLimitPeriod: oneOf("daily", "weekly", "monthly"),
  usageLimitBreachAction: oneOf("log", "emit-metric", "deactivate"),
  publiclyAccessible: flag(),
  enhancedVpcRouting: flag(),
  subnetIds: listOf(textLike("a subnet's id", /^subnet-[0-9a-f]{8,17}$/), { min: 3, max: 32 }),
  securityGroupIds: listOf(textLike("a security group's id", /^sg-[0-9a-f]{8,17}$/), { min: 1, max: 32 }),
  logExports: listOf(oneOf("userlog", "connectionlog", "useractivitylog"), { min: 0, max: 3 }),

  scheduleEnabled: flag(),
  scheduleExpression: textLike(
    "rate(…), cron(…) or at(…), to 256 characters",
    /^(rate\(\d+ (minutes?|hours?|days?)\)|(cron|at)\([^()]{1,250}\))$/,
  ),
  // As many as the handler takes in one invocation.
  scheduleEventCount: integer("an integer from 1 to 500, in events", (n) => n >= 1 && n <= 500),
  producerLogRetentionDays: integer(`one of ${logRetentionDays.join(", ")}, in days`, (n) =>
    logRetentionDays.includes(n),
  ),

  protectData: flag(),
} satisfies Record<string, Reader<unknown>>;

/** A setting's key without its namespace. */
export type SettingKey = keyof typeof settingKeys;

/** The settings that a stack file gives, read but not yet joined with defaults. */
export type GivenSettings = {
  readonly [Key in SettingKey]?: NonNullable<ReturnType<(typeof settingKeys)[Key]["read"]>>;
};
