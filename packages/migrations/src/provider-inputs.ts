/** The sentinel that Pulumi passes for a text which is not known yet, in previews. Source: @pulumi/pulumi, runtime/rpc.ts, unknownValue. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A migration as the resource's inputs and outputs list it. */
export interface ListedMigration {
  readonly name: string;
  readonly checksum: string;
}

/** Inputs of the resource: plain JSON, no SQL and no secret. */
export interface MigrationsInputs {
  readonly region: string;
  readonly workgroupName: string;
  readonly databaseName: string;
  /** Full ARN of the namespace's admin secret; its user owns every object. */
  readonly adminSecretArn: string;
  readonly streamName: string;
  readonly redshiftRoleArn: string;
  /** What `listMigrations` gives, in its order; further fields are left out. */
  readonly migrations: readonly ListedMigration[];
}

/** Outputs of the resource: the inputs, and what the ledger says. */
export interface MigrationsOutputs extends MigrationsInputs {
  /** Migrations in the ledger as applied. */
  readonly migrationsApplied: number;
  /** SHA-256 over names and checksums in the ledger. */
  readonly ledgerChecksum: string;
}

/** One input that is wrong. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** The text inputs, each with its form. Sources: models of redshift-serverless, redshift-data, kinesis; ARN forms of IAM and Secrets Manager. */
const textForms: Readonly<Record<Exclude<keyof MigrationsInputs, "migrations">, { pattern: RegExp; form: string }>> = {
  region: { pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, form: "an AWS region such as eu-west-1" },
  workgroupName: { pattern: /^[a-z0-9-]{3,64}$/, form: "3 to 64 of a-z, 0-9 and -" },
  databaseName: { pattern: /^[a-z_][a-z0-9_$]{0,126}$/, form: "a lower-case database name" },
  adminSecretArn: {
    pattern: /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/,
    form: "the full ARN of a secret, with its six random letters",
  },
  streamName: {
    pattern: /^[a-z0-9_.-]{1,128}$/,
    form: "a stream name without capitals (auto refresh would miss those)",
  },
  redshiftRoleArn: { pattern: /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, form: "the ARN of a role" },
};

/** Names of the inputs that are texts. */
export const textInputs = Object.keys(textForms) as readonly (keyof typeof textForms)[];

/** Everything that is wrong with a resource's inputs; values that are not known yet are let through. */
export function findInputFailures(inputs: Readonly<Record<string, unknown>>): readonly CheckFailure[] {
  const texts = textInputs.flatMap((property) => {
    const value = inputs[property];
    const { pattern, form } = textForms[property];
    if (isUnknown(value) || (typeof value === "string" && pattern.test(value))) return [];
    return [{ property, reason: `must be ${form}, got ${value === undefined ? "nothing" : JSON.stringify(value)}` }];
  });
  return [...texts, ...findMigrationFailures(inputs["migrations"])];
}

/** Whether a value stands for one that is not known yet. */
export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

function findMigrationFailures(migrations: unknown): readonly CheckFailure[] {
  if (isUnknown(migrations)) return [];
  const isListed = (entry: unknown) => {
    const { name, checksum } = (entry ?? {}) as Partial<ListedMigration>;
    return (
      isUnknown(entry) ||
      ((isUnknown(name) || typeof name === "string") &&
        (isUnknown(checksum) || /^[0-9a-f]{64}$/.test(String(checksum))))
    );
  };
  if (Array.isArray(migrations) && migrations.length > 0 && migrations.every(isListed)) return [];
  return [
    { property: "migrations", reason: "must be the list that listMigrations() gives: name and checksum of every file" },
  ];
}
