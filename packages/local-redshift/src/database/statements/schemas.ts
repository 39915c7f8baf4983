import { SqlError } from "../../sql/sql-error.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { demand } from "../rights/check.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { fold } from "./names.ts";
import { mustFindUser } from "./principals.ts";

/** CREATE SCHEMA. */
export async function createSchema(
  statement: StatementOf<"create-schema">,
  context: StatementContext,
): Promise<StatementResult> {
  const name = fold(statement.name, context);
  demandCreate(context);
  if (!(await isFree(name, statement.ifNotExists, context))) return done("CREATE SCHEMA");
  await context.begin();
  const owner = statement.owner === undefined ? context.user.name : mustFindUser(statement.owner, context).name;
  await context.change({ kind: "schema", oid: context.database.nextOid(), name, owner });
  return done("CREATE SCHEMA");
}

/**
 * CREATE EXTERNAL SCHEMA … FROM KINESIS. The role must be attached to the namespace; the stream is looked up when a view is created
 * (UNCONFIRMED: the documents show permission problems on use, and do not say what is checked here).
 * With IF NOT EXISTS an existing schema stays as it is, also its role.
 */
export async function createExternalSchema(
  statement: StatementOf<"create-external-schema">,
  context: StatementContext,
): Promise<StatementResult> {
  const name = fold(statement.name, context);
  demandCreate(context);
  if (!(await isFree(name, statement.ifNotExists, context))) return done("CREATE EXTERNAL SCHEMA");
  const { settings } = context.database;
  const roleArn = statement.roleArn ?? settings.defaultRoleArn();
  if (roleArn === undefined)
    throw new SqlError("The default IAM role is not set for the namespace: attach one, or name the role", {
      sqlState: "42501",
    });
  checkRole(roleArn, context);
  const kinesis = { region: statement.region ?? settings.region, roleArn };
  await context.begin();
  await context.change({ kind: "schema", oid: context.database.nextOid(), name, owner: context.user.name, kinesis });
  return done("CREATE EXTERNAL SCHEMA");
}

/** New schemas need CREATE on the database, or a role that may create schemas. */
function demandCreate(context: StatementContext): void {
  if (!context.user.system.has("create schema")) demand(context.user, context.catalogue.database, "create");
}

/** Every role of a chain (ARNs with commas between) must have the form of one; the first must be attached to the namespace. */
export function checkRole(roleArn: string, context: StatementContext): void {
  const [first = "", ...chained] = roleArn.split(",");
  for (const arn of [first, ...chained])
    if (!/^arn:[a-z-]+:iam::\d{12}:role\/\S+$/.test(arn))
      throw new SqlError(`The IAM role "${arn}" is not valid: arn:aws:iam::<account>:role/<name> is expected`, {
        sqlState: "42501",
      });
  if (!context.database.settings.isRoleAttached(first))
    throw new SqlError(`The requested role ${first} is not associated to the namespace`, { sqlState: "42501" });
}

async function isFree(name: string, ifNotExists: boolean, context: StatementContext): Promise<boolean> {
  await context.lock(`name:${name}`, "exclusive");
  if (name.startsWith("pg_")) throw new SqlError(`unacceptable schema name "${name}"`, { sqlState: "42939" });
  const taken = context.catalogue.schema(name) ?? context.database.catalogue.schema(name);
  if (taken === undefined) return true;
  if (ifNotExists) return false;
  throw new SqlError(`schema "${name}" already exists`, { sqlState: "42P06" });
}
