import { assign } from "../../sql/assign.ts";
import { bindExpression } from "../../sql/bind-expression.ts";
import { quoteName } from "../../sql/bound.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { duckType } from "../../sql/sql-type.ts";
import type { ColumnNode, ConstraintNode } from "../../sql/tree.ts";
import { storageName, type RelationObject, type TableObject } from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { demand } from "../rights/check.ts";
import { refuseColumnChange, refuseLookupChange } from "../row-security/dependencies.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { without } from "../without.ts";
import { appendRows } from "./append-rows.ts";
import { changeColumnType } from "./alter-column-type.ts";
import { changeLayout } from "./alter-layout.ts";
import { renamedInConstraints, withConstraints } from "./constraints.ts";
import { checkColumnNames, columnOf } from "./create-table.ts";
import { keepTable } from "./keep-table.ts";
import { checkOwner, fold, mustFind, reserveName } from "./names.ts";
import { mustFindUser } from "./principals.ts";

/** ALTER TABLE: names, owner, columns, constraints and how the table is stored. */
export async function alterTable(
  statement: StatementOf<"alter-table">,
  context: StatementContext,
): Promise<StatementResult> {
  const { action } = statement;
  if (action.kind === "append") return appendRows(statement.name, action, context);
  // Source of the text: flyway/flyway#2438, SQLMesh/sqlmesh#5572.
  if (action.kind === "column-type" && context.inTransaction)
    throw new SqlError("ALTER TABLE ALTER COLUMN cannot run inside a transaction block", { sqlState: "25001" });
  const relation = await mustFind(statement.name, "exclusive", context);
  const isOwnersOwn = statement.action.kind === "owner" || statement.action.kind === "rename";
  checkOwner(relation, context, isOwnersOwn ? {} : { privilege: "alter", system: "alter table" });
  if (relation.kind === "materialized view")
    throw new SqlError(`cannot alter materialized view "${relation.name}" with ALTER TABLE`, { sqlState: "42809" });
  await context.begin();
  switch (action.kind) {
    case "rename":
      await rename(relation, fold(action.to, context), context);
      break;
    case "owner":
      await changeOwner(relation, mustFindUser(action.to, context).name, context);
      break;
    case "add-column":
      await addColumn(asTable(relation), action.column, context);
      break;
    case "drop-column":
      await dropColumn(asTable(relation), fold(action.column, context), context);
      break;
    case "rename-column":
      await renameColumn(asTable(relation), fold(action.column, context), fold(action.to, context), context);
      break;
    case "column-type":
      await changeColumnType(asTable(relation), action, context);
      break;
    case "add-constraint":
      await addConstraint(asTable(relation), action.constraint, context);
      break;
    case "drop-constraint":
      await dropConstraint(asTable(relation), fold(action.constraint, context), context);
      break;
    case "layout":
      await keepTable(changeLayout(asTable(relation), action.changes, context), context);
      break;
  }
  return done("ALTER TABLE");
}

function asTable(relation: RelationObject): TableObject {
  if (relation.kind === "table") return relation;
  throw new SqlError(`"${relation.name}" is not a table`, { sqlState: "42809" });
}

/** A new owner has all privileges, whatever the one before gave up. */
async function changeOwner(relation: RelationObject, owner: string, context: StatementContext): Promise<void> {
  const next = { ...relation, owner };
  await context.change(without(next, "ownerLacks") as typeof next);
}

/** To rename an object is to make it anew in its schema, which needs CREATE. Source: r_GRANT, CREATE. */
async function rename(relation: RelationObject, name: string, context: StatementContext): Promise<void> {
  if (relation.kind === "table" && relation.temporary === true) return renameTemporary(relation, name, context);
  refuseLookupChange(relation, "rename", context.catalogue);
  const schema = context.catalogue.schema(relation.schema);
  if (schema !== undefined) demand(context.user, schema, "create");
  await reserveName(relation.schema, name, context);
  await context.change({ ...relation, name });
}

function renameTemporary(table: TableObject, name: string, context: StatementContext): void {
  if (context.temporary.has(name)) throw new SqlError(`relation "${name}" already exists`, { sqlState: "42P07" });
  context.temporary.delete(table.name);
  context.temporary.set(name, { ...table, name });
}

async function addColumn(table: TableObject, node: ColumnNode, context: StatementContext): Promise<void> {
  const column = columnOf(node, context);
  const columns = [...table.columns, column];
  checkColumnNames(columns);
  if (column.identity !== undefined)
    throw new SqlError("ALTER TABLE … ADD COLUMN with IDENTITY is not supported", { sqlState: "0A000" });
  if (!column.nullable && node.default === undefined)
    throw new SqlError("ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression", {
      sqlState: "0A000",
    });
  const storage = storageName(table);
  await context.connection.run(`ALTER TABLE ${storage} ADD COLUMN ${quoteName(column.name)} ${duckType(column.type)}`);
  if (node.default !== undefined) {
    const { expression } = node.default;
    const { built } = await context.prepare((bind) => assign(bindExpression(expression, new Scope(), bind), column));
    await context.connection.run(`UPDATE ${storage} SET ${quoteName(column.name)} = ${built}`);
  }
  const constraints = await withConstraints(node.constraints, { ...table, columns }, context);
  await keepTable({ ...table, columns, ...(constraints.length === 0 ? {} : { constraints }) }, context);
}

async function dropColumn(table: TableObject, name: string, context: StatementContext): Promise<void> {
  mustHave(table, name);
  refuseColumnChange(table, name, "drop", context.catalogue);
  refuseDependents(table, `column ${name} of table ${table.name}`, context);
  if (table.columns.length === 1) throw new SqlError("cannot drop the only column of a table", { sqlState: "0A000" });
  await context.connection.run(`ALTER TABLE ${storageName(table)} DROP COLUMN ${quoteName(name)}`);
  const grants = table.grants?.filter((grant) => grant.column !== name);
  const columns = table.columns.filter((column) => column.name !== name);
  const constraints = table.constraints?.filter((constraint) => !constraint.columns.includes(name));
  const rest = { ...(grants === undefined ? {} : { grants }), ...(constraints === undefined ? {} : { constraints }) };
  await keepTable({ ...table, columns, ...rest }, context);
}

async function renameColumn(table: TableObject, name: string, to: string, context: StatementContext): Promise<void> {
  mustHave(table, name);
  refuseColumnChange(table, name, "rename", context.catalogue);
  if (context.catalogue.dependentsOf(table.oid).length > 0)
    throw new SqlError("renaming a column that views depend on is not built in the local Redshift");
  const columns = table.columns.map((column) => (column.name === name ? { ...column, name: to } : column));
  checkColumnNames(columns);
  await context.connection.run(
    `ALTER TABLE ${storageName(table)} RENAME COLUMN ${quoteName(name)} TO ${quoteName(to)}`,
  );
  await keepTable({ ...table, columns, ...renamedInConstraints(table.constraints, name, to) }, context);
}

/** The texts of what a primary key cannot be on are UNCONFIRMED; the rule is r_ALTER_TABLE's. */
async function addConstraint(table: TableObject, node: ConstraintNode, context: StatementContext): Promise<void> {
  const constraints = await withConstraints([node], table, context);
  const added = constraints.at(-1)!;
  const nullable = table.columns.find((column) => column.nullable && added.columns.includes(column.name));
  if (added.kind === "primary key" && nullable !== undefined)
    throw new SqlError(`column "${nullable.name}" must be NOT NULL to be part of a primary key`, { sqlState: "42P16" });
  await keepTable({ ...table, constraints }, context);
}

async function dropConstraint(table: TableObject, name: string, context: StatementContext): Promise<void> {
  const { constraints = [] } = table;
  if (!constraints.some((constraint) => constraint.name === name))
    throw new SqlError(`constraint "${name}" of relation "${table.name}" does not exist`, { sqlState: "42704" });
  await keepTable({ ...table, constraints: constraints.filter((constraint) => constraint.name !== name) }, context);
}

/** Which columns a view uses is not kept, so any dependent view holds up the drop of any column (stricter than Redshift). */
function refuseDependents(table: TableObject, what: string, context: StatementContext): void {
  if (context.catalogue.dependentsOf(table.oid).length > 0)
    throw new SqlError(`cannot drop table ${what} because other objects depend on it`, { sqlState: "2BP01" });
}

function mustHave(table: TableObject, name: string): void {
  if (!table.columns.some((column) => column.name === name))
    throw new SqlError(`column "${name}" of relation "${table.name}" does not exist`, { sqlState: "42703" });
}
