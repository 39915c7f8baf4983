import { createHash } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { BoundQuery } from "../sql/bind-query.ts";
import { quoteText } from "../sql/bound.ts";
import { duckType } from "../sql/sql-type.ts";
import type { Catalogue } from "./catalogue.ts";
import { storageName, type MaterializedViewObject, type ViewObject } from "./catalogue-object.ts";
import { readRows } from "./duck.ts";
import { keepableViews } from "./kept-view-rules.ts";
import { batchTable } from "./stream-relation.ts";

/** A view whose rows are kept: reading it is reading `table`, whose columns are `c0`, `c1` … */
export interface KeptView {
  /** The very object of the catalogue; a replaced view is another. */
  readonly view: ViewObject;
  readonly sourceOid: number;
  readonly table: string;
}

/** Which views are kept at a moment, by object id. */
export type KeptViews = ReadonlyMap<number, KeptView>;

/** How a view's query is written for DuckDB, with the streaming view's rows read from `source`. */
export type WriteView = (view: ViewObject, sourceOid: number, source: string) => BoundQuery;

/** Makes the table that says which views are kept, with a hash of what wrote their rows. */
export async function createKeptViewsTable(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    "CREATE TABLE IF NOT EXISTS main.kept_views (view_oid BIGINT, source_oid BIGINT, definition VARCHAR)",
  );
}

/** Forgets that the views over a streaming view are kept, as part of the transaction that changes its rows. */
export async function forgetKeptViews(connection: DuckDBConnection, sourceOid: number): Promise<void> {
  await connection.run(`DELETE FROM main.kept_views WHERE source_oid = ${sourceOid}`);
}

/** A kept view with the statement that adds a batch of rows to it. */
export interface KeptInsert {
  readonly kept: KeptView;
  readonly sql: string;
}

/** What keeping views needs of the refresher. */
export interface KeepingWorld {
  readonly connection: DuckDBConnection;
  readonly catalogue: Catalogue;
  readonly write: WriteView;
  /** False for views whose query failed for some row: a reader gets that error, the stream's ingestion must not. */
  isKeepable(view: ViewObject): boolean;
  /** Told when filling a view fails. */
  onFailure(view: ViewObject, error: unknown): void;
  /** Runs `drop` while nobody reads the view. */
  withoutReaders(viewOid: number, drop: () => Promise<unknown>): Promise<void>;
}

/**
 * Makes what is kept over a streaming view what it should be: drops the rows of views that are gone or written otherwise, and fills
 * those of new ones. Runs between refreshes, so the streaming view does not change meanwhile.
 */
export async function reconcileKeptViews(source: MaterializedViewObject, world: KeepingWorld): Promise<KeptInsert[]> {
  const { connection, catalogue, write } = world;
  const wanted = keepableViews(source, catalogue)
    .filter((view) => world.isKeepable(view))
    .map((view): KeptInsert => {
      const kept = { view, sourceOid: source.oid, table: `main.k${view.oid}` };
      return { kept, sql: insertText(view, source, batchTable, write) };
    });
  const hashes = new Map(wanted.map(({ kept, sql }) => [kept.view.oid, hashOf(sql)]));
  const rows = await readRows(
    connection,
    `SELECT view_oid, definition FROM main.kept_views WHERE source_oid = ${source.oid}`,
  );
  const present = new Set<number>();
  for (const [oid, definition] of rows)
    if (hashes.get(Number(oid)) === definition) present.add(Number(oid));
    else await drop(Number(oid), world);
  const ready: KeptInsert[] = [];
  for (const insert of wanted) {
    const { view } = insert.kept;
    if (present.has(view.oid) || (await build(insert, source, hashes.get(view.oid)!, world))) ready.push(insert);
  }
  return ready;
}

async function drop(oid: number, { connection, withoutReaders }: KeepingWorld): Promise<void> {
  await connection.run(`DELETE FROM main.kept_views WHERE view_oid = ${oid}`);
  await withoutReaders(oid, () => connection.run(`DROP TABLE IF EXISTS main.k${oid}`));
}

/** Removes rows that are kept for nothing; to be called when nobody reads yet. */
export async function dropOrphans(connection: DuckDBConnection): Promise<void> {
  const orphans = await readRows(
    connection,
    `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND regexp_full_match(table_name, 'k[0-9]+')
       AND CAST(substring(table_name, 2) AS BIGINT) NOT IN (SELECT view_oid FROM main.kept_views)`,
  );
  for (const [table] of orphans) await connection.run(`DROP TABLE main.${String(table)}`);
}

async function build(
  { kept }: KeptInsert,
  source: MaterializedViewObject,
  definition: string,
  world: KeepingWorld,
): Promise<boolean> {
  const { connection } = world;
  const { view, table } = kept;
  const columns = view.columns.map((column, index) => `c${index} ${duckType(column.type)}`);
  await world.withoutReaders(view.oid, () => connection.run(`DROP TABLE IF EXISTS ${table}`));
  await connection.run("BEGIN TRANSACTION");
  try {
    await connection.run(`CREATE TABLE ${table} (${columns.join(", ")})`);
    await connection.run(insertText(view, source, storageName(source), world.write));
    await connection.run(`INSERT INTO main.kept_views VALUES (${view.oid}, ${source.oid}, ${quoteText(definition)})`);
    await connection.run("COMMIT");
    return true;
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    world.onFailure(view, error);
    return false;
  }
}

function insertText(view: ViewObject, source: MaterializedViewObject, rows: string, write: WriteView): string {
  return `INSERT INTO main.k${view.oid} ${write(view, source.oid, rows).render()}`;
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
