import { bindExpression } from "../../sql/bind-expression.ts";
import { bindQuery } from "../../sql/bind-query.ts";
import { assign } from "../../sql/assign.ts";
import { quoteName } from "../../sql/bound.ts";
import { Scope } from "../../sql/scope.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { duckType, resolveType } from "../../sql/sql-type.ts";
import type { ColumnNode, LikeClause, QualifiedName, TableAttributes } from "../../sql/tree.ts";
import {
  sequenceName,
  storageName,
  type CatalogueColumn,
  type KeptAttributes,
  type TableConstraint,
  type TableObject,
} from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { hasPrivilege } from "../rights/check.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { asTable } from "./change-rows.ts";
import { withConstraints } from "./constraints.ts";
import { fold, foldParts, mustFind, newName, reserveName } from "./names.ts";
import { checkKeys } from "./table-keys.ts";

/** CREATE TABLE; distribution, sort keys and encodings are kept in the catalogue, without effect. */
export async function createTable(
  statement: StatementOf<"create-table">,
  context: StatementContext,
): Promise<StatementResult> {
  const place = await reservePlace(statement.name, statement.temporary, statement.ifNotExists, context);
  if (place === undefined) return done("CREATE TABLE");
  const model = statement.like && (await findModel(statement.like, context));
  if (statement.columns.length === 0 && model === undefined)
    throw new SqlError("a table needs at least one column", { sqlState: "42601" });
  const ownColumns = statement.columns.map((column) => columnOf(column, context));
  const { built: checked } = await context.prepare((bind) =>
    statement.columns.map((column, index) =>
      column.default === undefined
        ? ""
        : assign(bindExpression(column.default.expression, new Scope(), bind), ownColumns[index]!),
    ),
  );
  if (checked.length !== ownColumns.length) throw new Error("every default is checked");
  const given = [...(model?.columns ?? []), ...ownColumns];
  const constraints = await withConstraints(statement.constraints, { ...place, columns: given }, context);
  const attributes = keptAttributes(statement.attributes, context);
  const table: TableObject = {
    ...place,
    kind: "table",
    columns: given.map((column) => (isInPrimaryKey(column, constraints) ? { ...column, nullable: false } : column)),
    ...(constraints.length === 0 ? {} : { constraints }),
    attributes: model === undefined ? attributes : { ...model.attributes, ...withKeys(attributes) },
  };
  checkKeys(table.columns, table.attributes);
  await store(table, context);
  return done("CREATE TABLE");
}

const isInPrimaryKey = ({ name }: CatalogueColumn, constraints: readonly TableConstraint[]) =>
  constraints.some(({ kind, columns }) => kind === "primary key" && columns.includes(name));

/** Attributes that say something of their own. */
function withKeys({ sortKeys, ...rest }: KeptAttributes): Partial<KeptAttributes> {
  return sortKeys.length === 0 ? rest : { sortKeys, ...rest };
}

/** The columns and attributes that LIKE takes over: no identity, and defaults when asked. Source: DG r_CREATE_TABLE_NEW. */
async function findModel(
  { table, defaults }: LikeClause,
  context: StatementContext,
): Promise<Pick<TableObject, "columns" | "attributes">> {
  const { columns, attributes } = asTable(await mustFind(table, "share", context));
  return {
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type,
      nullable: column.nullable,
      ...(column.encode === undefined ? {} : { encode: column.encode }),
      ...(defaults && column.default !== undefined ? { default: column.default } : {}),
    })),
    attributes,
  };
}

/** CREATE TABLE … AS. */
export async function createTableAs(
  statement: StatementOf<"create-table-as">,
  context: StatementContext,
): Promise<StatementResult> {
  const place = (await reservePlace(statement.name, statement.temporary, false, context))!;
  const { built: query } = await context.prepare((bind) => bindQuery(statement.query, new Scope(), bind));
  const columns = query.columns.map((column, index): CatalogueColumn => {
    const alias = statement.columns[index];
    return { name: alias === undefined ? column.name : fold(alias, context), type: column.type, nullable: true };
  });
  const table: TableObject = {
    ...place,
    kind: "table",
    columns,
    attributes: keptAttributes(statement.attributes, context),
  };
  checkKeys(table.columns, table.attributes);
  await store(table, context);
  const result = await context.connection.run(`INSERT INTO ${storageName(table)} ${query.render()}`);
  return done("SELECT", result.rowsChanged);
}

type Place = Pick<TableObject, "oid" | "schema" | "name" | "owner" | "temporary">;

async function reservePlace(
  parts: QualifiedName,
  temporary: boolean,
  ifNotExists: boolean,
  context: StatementContext,
): Promise<Place | undefined> {
  const owner = context.user.name;
  if (temporary) {
    const name = foldParts(parts, context).at(-1)!;
    demandTemporary(context);
    if (!context.temporary.has(name))
      return { oid: context.database.nextOid(), schema: "pg_temp", name, owner, temporary };
    if (ifNotExists) return undefined;
    throw new SqlError(`relation "${name}" already exists`, { sqlState: "42P07" });
  }
  const { schema, name } = newName(parts, "create table", context);
  if (ifNotExists && context.catalogue.relation(schema, name) !== undefined) return undefined;
  await reserveName(schema, name, context);
  return { oid: context.database.nextOid(), schema, name, owner };
}

/** All users may make temporary tables unless it is revoked from PUBLIC. The text is PostgreSQL's (UNCONFIRMED). */
function demandTemporary(context: StatementContext): void {
  const { database } = context.catalogue;
  if (!hasPrivilege(context.user, database, "temporary"))
    throw new SqlError(`permission denied to create temporary tables in database "${database.name}"`, {
      sqlState: "42501",
    });
}

/** Makes the rows' place in DuckDB and the object in the catalogue. */
async function store(table: TableObject, context: StatementContext): Promise<void> {
  checkColumnNames(table.columns);
  await context.begin();
  const columns = table.columns.map(
    (column) => `${quoteName(column.name)} ${duckType(column.type)}${column.nullable ? "" : " NOT NULL"}`,
  );
  const temporary = table.temporary === true ? "TEMP " : "";
  await context.connection.run(`CREATE ${temporary}TABLE ${storageName(table)} (${columns.join(", ")})`);
  const identity = table.columns.find((column) => column.identity !== undefined)?.identity;
  if (identity !== undefined)
    await context.connection.run(
      `CREATE SEQUENCE ${sequenceName(table.oid)} START ${identity.seed} INCREMENT ${identity.step} MINVALUE ${Math.min(identity.seed, -9_000_000_000)}`,
    );
  if (table.temporary === true) context.temporary.set(table.name, table);
  else await context.change(table);
}

/** Throws for a name that occurs twice; names that differ in case only are not built, as DuckDB takes them for one. */
export function checkColumnNames(columns: readonly CatalogueColumn[]): void {
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    const other = seen.get(name.toLowerCase());
    if (other === name) throw new SqlError(`column "${name}" duplicated`, { sqlState: "42701" });
    if (other !== undefined)
      throw new SqlError(
        `columns "${other}" and "${name}", which differ in case only, are not built in the local Redshift`,
      );
    seen.set(name.toLowerCase(), name);
  }
}

/** A column of CREATE or ALTER TABLE for the catalogue. */
export function columnOf(node: ColumnNode, context: StatementContext): CatalogueColumn {
  const type = resolveType(node.type, "column");
  if (type.name === "super" && (node.distKey || node.sortKey))
    throw new SqlError("SUPER columns cannot be a distribution or sort key", { sqlState: "0A000" });
  if (node.identity !== undefined && type.name !== "int4" && type.name !== "int8")
    throw new SqlError("identity column type must be int or bigint", { sqlState: "22023" });
  const { default: fallback } = node;
  return {
    name: fold(node.name, context),
    type,
    nullable: !node.notNull,
    ...(fallback === undefined ? {} : { default: fallback.text }),
    ...(node.identity === undefined ? {} : { identity: node.identity }),
    ...(node.encode === undefined ? {} : { encode: node.encode }),
  };
}

/** Attributes for the catalogue. */
export function keptAttributes(attributes: TableAttributes, context: StatementContext): KeptAttributes {
  const { distStyle, distKey, sortKeys, interleaved, backup } = attributes;
  return {
    ...(interleaved === true ? { sortStyle: "interleaved" as const } : {}),
    sortKeys: sortKeys.map((key) => fold(key, context)),
    ...(distStyle === undefined ? {} : { distStyle }),
    ...(distKey === undefined ? {} : { distKey: fold(distKey, context) }),
    ...(backup === undefined ? {} : { backup }),
  };
}
