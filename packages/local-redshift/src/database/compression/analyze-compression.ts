import { quoteName } from "../../sql/bound.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { numeric, varchar } from "../../sql/sql-type.ts";
import {
  storageName,
  type CatalogueColumn,
  type MaterializedViewObject,
  type TableObject,
} from "../catalogue-object.ts";
import type { StatementResult } from "../database.ts";
import { readRows } from "../duck.ts";
import { resultColumn } from "../query-result.ts";
import { isOwner } from "../rights/check.ts";
import type { StatementContext, StatementOf } from "../statement-context.ts";
import { effectiveEncoding } from "../statements/encodings.ts";
import { checkOwner, fold, mustFind } from "../statements/names.ts";
import { recommend, sampleText, type ColumnSample } from "./estimate.ts";

type Analyzed = TableObject | MaterializedViewObject;

/** Rows that are looked at unless more are asked for. Source: Database Developer Guide, r_ANALYZE_COMPRESSION. */
const leastSampleRows = 100_000;

const columns = [
  { name: "Table", type: varchar(128) },
  { name: "Column", type: varchar(128) },
  { name: "Encoding", type: varchar(15) },
  { name: "Est_reduction_pct", type: numeric(5, 2) },
].map(resultColumn);

/**
 * ANALYZE COMPRESSION: an encoding for each column, and by how many percent it would make the column smaller. The types of the columns of
 * the result, and who may, are UNCONFIRMED: owners, superusers, and who has the system privilege ANALYZE.
 */
export async function analyzeCompression(
  statement: StatementOf<"analyze-compression">,
  context: StatementContext,
): Promise<StatementResult> {
  const startedAt = context.database.now();
  if (context.inTransaction) await context.begin();
  const rows: (readonly string[])[] = [];
  for (const table of await tablesOf(statement, context)) {
    const asked = statement.columns.map((part) => fold(part, context));
    checkColumns(table, asked);
    const analyzed = table.columns.filter(({ name }) => asked.length === 0 || asked.includes(name));
    const samples = await sampleColumns(table, analyzed, statement.sampleRows ?? 0, context);
    for (const [index, column] of table.columns.entries()) {
      const sample = samples.get(column.name);
      if (sample === undefined) {
        rows.push([table.name, column.name, "N/A", "0.00"]);
        continue;
      }
      const oldEncoding = effectiveEncoding(column, table.attributes);
      const isSorted = table.attributes.sortKeys.includes(column.name);
      const found = isSorted ? { encoding: oldEncoding, reduction: 0 } : recommend(column.type, oldEncoding, sample);
      rows.push([table.name, column.name, found.encoding, found.reduction.toFixed(2)]);
      context.database.activity.compressionAnalyzed({
        userId: context.user.oid,
        transactionId: context.transactionId,
        startedAt,
        tableOid: table.oid,
        tableName: table.name,
        position: index + 1,
        oldEncoding,
        newEncoding: found.encoding,
      });
    }
  }
  return { columns, rows, rowCount: rows.length, kind: "ANALYZE" };
}

async function tablesOf(
  { name }: StatementOf<"analyze-compression">,
  context: StatementContext,
): Promise<readonly Analyzed[]> {
  if (name !== undefined) {
    const found = await mustFind(name, "exclusive", context);
    if (found.kind === "view") throw new SqlError(`"${found.name}" is not a table`, { sqlState: "42809" });
    checkOwner(found, context, { system: "analyze" });
    return [found];
  }
  const who = context.user;
  const mayAll = who.system.has("analyze");
  const tables = context.catalogue.relations.filter((relation) => relation.kind !== "view");
  return tables.filter((table) => mayAll || isOwner(who, table));
}

function checkColumns(table: Analyzed, names: readonly string[]): void {
  const unknown = names.find((name) => !table.columns.some((column) => column.name === name));
  if (unknown !== undefined)
    throw new SqlError(`column "${unknown}" of relation "${table.name}" does not exist`, { sqlState: "42703" });
}

async function sampleColumns(
  table: Analyzed,
  analyzed: readonly CatalogueColumn[],
  sampleRows: number,
  context: StatementContext,
): Promise<ReadonlyMap<string, ColumnSample>> {
  const names = analyzed.map(({ name }) => quoteName(name)).join(", ");
  const limit = Math.max(leastSampleRows, sampleRows);
  const sample = `(SELECT ${names} FROM ${storageName(table)} LIMIT ${limit})`;
  const [cells = []] = await readRows(
    context.connection,
    `SELECT ${analyzed.map(sampleText).join(", ")} FROM ${sample}`,
  );
  return new Map(
    analyzed.map(({ name }, index) => {
      const [rows = 0, distinct = 0, bytes = 0] = cells.slice(index * 3, index * 3 + 3).map(Number);
      return [name, { rows, distinct, bytes }];
    }),
  );
}
