import { quoteName } from "../../sql/bound.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { AlterTableAction, QualifiedName } from "../../sql/tree.ts";
import {
  isStreamingView,
  storageName,
  type CatalogueColumn,
  type MaterializedViewObject,
  type TableObject,
} from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { done } from "../query-result.ts";
import { isProtectedFrom } from "../row-security/row-security.ts";
import type { StatementContext } from "../statement-context.ts";
import { asTable, defaultValue } from "./change-rows.ts";
import { effectiveEncoding } from "./encodings.ts";
import { checkOwner, mustFind } from "./names.ts";

type Append = Extract<AlterTableAction, { kind: "append" }>;

/**
 * ALTER TABLE … APPEND FROM: moves all rows of a table or of a streaming view. It commits at once, and cannot be part of a transaction.
 * Source of the rules: Database Developer Guide, r_ALTER_TABLE_APPEND. It shows no messages, so all but the first are UNCONFIRMED.
 */
export async function appendRows(
  name: QualifiedName,
  action: Append,
  context: StatementContext,
): Promise<StatementResult> {
  if (context.inTransaction)
    throw new SqlError("ALTER TABLE APPEND cannot run inside a transaction block", { sqlState: "25001" });
  const target = asTable(await mustFind(name, "exclusive", context));
  checkOwner(target, context);
  const found = await mustFind(action.source, "exclusive", context);
  const source = isStreamingView(found) ? found : asTable(found);
  checkOwner(source, context);
  if (target.temporary === true || (source.kind === "table" && source.temporary === true))
    throw refusal("source and target must be permanent tables");
  if (source.oid === target.oid) throw refusal("source and target are the same table");
  // Source of the rule: t_rls_usage.
  if (isProtectedFrom(context.user, source))
    throw refusal("the source has row-level security, which the user must ignore");
  checkAttributes(source, target);
  const moved = movedColumns(source, target, action.extra);
  const { built: values } = await context.prepare((bind) =>
    target.columns.map((column) =>
      moved.has(column.name) ? quoteName(column.name) : defaultValue(target, column, bind),
    ),
  );
  await context.begin();
  context.rowsChanged(target.oid);
  context.rowsChanged(source.oid);
  if (source.kind === "materialized view") await context.changeStreamRows(source.oid);
  const result = await context.connection.run(
    `INSERT INTO ${storageName(target)} SELECT ${values.join(", ")} FROM ${storageName(source)}`,
  );
  await context.connection.run(`DELETE FROM ${storageName(source)}`);
  return done("ALTER TABLE APPEND", result.rowsChanged);
}

const refusal = (reason: string) => new SqlError(`ALTER TABLE APPEND: ${reason}`, { sqlState: "0A000" });

type Source = TableObject | MaterializedViewObject;

function checkAttributes({ attributes: source }: Source, { attributes: target }: TableObject): void {
  const style = (attributes: TableObject["attributes"]) =>
    attributes.distStyle ?? (attributes.distKey === undefined ? "auto" : "key");
  if (style(source) !== style(target) || source.distKey !== target.distKey)
    throw refusal("source and target must have the same distribution style and key");
  if (source.sortKeys.join() !== target.sortKeys.join() || source.sortStyle !== target.sortStyle)
    throw refusal("source and target must have the same sort style and sort keys");
}

/** Names of the columns that both have, after all that r_ALTER_TABLE_APPEND asks of them. */
function movedColumns(source: Source, target: TableObject, extra: Append["extra"]): ReadonlySet<string> {
  const own = (column: CatalogueColumn) => column.identity !== undefined && !column.identity.byDefault;
  if (source.columns.some(own) && target.columns.some(own)) throw refusal("an identity column cannot be appended");
  const from = new Map(source.columns.filter((column) => !own(column)).map((column) => [column.name, column]));
  const to = new Map(target.columns.filter((column) => !own(column)).map((column) => [column.name, column]));
  const onlyFrom = source.columns.filter((column) => !to.has(column.name));
  const onlyTo = target.columns.filter((column) => !from.has(column.name));
  if (onlyFrom.length > 0 && onlyTo.length > 0)
    throw refusal("source and target both have columns that the other has not");
  if (onlyFrom.length > 0 && extra !== "ignoreextra")
    throw refusal(`column "${onlyFrom[0]!.name}" is not in the target; IGNOREEXTRA leaves it out`);
  if (onlyTo.length > 0 && extra !== "filltarget")
    throw refusal(`column "${onlyTo[0]!.name}" is not in the source; FILLTARGET fills it`);
  const both = [...to.values()].filter((column) => from.has(column.name));
  for (const column of both) {
    const other = from.get(column.name)!;
    const same =
      JSON.stringify(column.type) === JSON.stringify(other.type) &&
      (source.kind === "materialized view" || column.nullable === other.nullable) &&
      effectiveEncoding(column, target.attributes) === effectiveEncoding(other, source.attributes);
    if (!same) throw refusal(`column "${column.name}" has other attributes in the source`);
  }
  return new Set(both.map((column) => column.name));
}
