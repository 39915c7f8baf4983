import { createHash } from "node:crypto";
import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import type { BoundQuery } from "../sql/bind-query.ts";
import { quoteText } from "../sql/bound.ts";
import type { Catalogue } from "./catalogue.ts";
import type { MaterializedViewObject, ViewObject } from "./catalogue-object.ts";
import { inTransaction, readRows } from "./duck.ts";
import { keepableViews } from "./kept-view-rules.ts";
import type { Storage } from "./relation-lookup.ts";
import { storedType } from "./stored-column.ts";
import { batchTable } from "./streaming/stream-relation.ts";

/** A view whose rows are kept: reading it is reading `table`, whose columns are `c0`, `c1` … */
export interface KeptView {
  /** The very object of the catalogue; a replaced view is another. */
  readonly view: ViewObject;
  /** The views between it and the streaming view, as the rows were made with. */
  readonly below: readonly ViewObject[];
  readonly sourceOid: number;
  readonly table: string;
}

/** Which views are kept at a moment, by object id. */
export type KeptViews = ReadonlyMap<number, KeptView>;

/** Whether rows kept for a view are those of its query, as a catalogue has it and the views below. */
export function isCurrent({ view, below }: KeptView, catalogue: Catalogue): boolean {
  return [view, ...below].every((one) => catalogue.get(one.oid) === one);
}

function viewsBelow(view: ViewObject, catalogue: Catalogue): readonly ViewObject[] {
  return view.references.flatMap(([, oid]) => {
    const below = catalogue.get(oid);
    return below?.kind === "view" ? [below, ...viewsBelow(below, catalogue)] : [];
  });
}

/** How a view's query is written for DuckDB, with the rows of some objects read from other tables. */
export type WriteView = (view: ViewObject, storage: Storage) => BoundQuery;

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

/** What looking at kept views needs. */
export interface KeptWorld {
  readonly connection: DuckDBConnection;
  readonly catalogue: Catalogue;
  readonly write: WriteView;
}

/** What keeping views needs of the refresher. */
export interface KeepingWorld extends KeptWorld {
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
export async function reconcileKeptViews(source: MaterializedViewObject, world: KeepingWorld): Promise<KeptView[]> {
  const wanted = wantedViews(source, world).filter(({ view }) => world.isKeepable(view));
  const present = await presentOids(source, wanted, world);
  for (const oid of present.others) await drop(oid, world);
  const ready: KeptView[] = [];
  for (const kept of wanted)
    if (present.right.has(kept.view.oid) || (await build(kept, source, definitionOf(kept, world), world)))
      ready.push(kept);
  return ready;
}

/** The views over a streaming view whose rows are kept already, as their queries give them; to be asked before anything changes them. */
export async function presentKeptViews(source: MaterializedViewObject, world: KeptWorld): Promise<KeptView[]> {
  const wanted = wantedViews(source, world);
  const { right } = await presentOids(source, wanted, world);
  return wanted.filter(({ view }) => right.has(view.oid));
}

function wantedViews(source: MaterializedViewObject, { catalogue }: KeptWorld): KeptView[] {
  return keepableViews(source, catalogue).map((view) => ({
    view,
    below: viewsBelow(view, catalogue),
    sourceOid: source.oid,
    table: `main.k${view.oid}`,
  }));
}

/** What wrote the rows of a view, in short. */
const definitionOf = ({ view, sourceOid }: KeptView, { write }: KeptWorld) =>
  hashOf(write(view, new Map([[sourceOid, { table: batchTable }]])).render());

/** Which of the views whose rows the file has are among the wanted ones and written alike, and which are others. */
async function presentOids(
  source: MaterializedViewObject,
  wanted: readonly KeptView[],
  world: KeptWorld,
): Promise<{ readonly right: ReadonlySet<number>; readonly others: readonly number[] }> {
  const hashes = new Map(wanted.map((kept) => [kept.view.oid, definitionOf(kept, world)]));
  const rows = await readRows(
    world.connection,
    `SELECT view_oid, definition FROM main.kept_views WHERE source_oid = ${source.oid}`,
  );
  const isRight = ([oid, definition]: readonly DuckDBValue[]) => hashes.get(Number(oid)) === definition;
  return {
    right: new Set(rows.filter(isRight).map(([oid]) => Number(oid))),
    others: rows.filter((row) => !isRight(row)).map(([oid]) => Number(oid)),
  };
}

/** A statement that loads a batch, and the kept views that it is for. */
export interface KeptStatement {
  readonly sql: string;
  readonly views: readonly ViewObject[];
}

/**
 * Statements that add a batch to kept views. Views between them and the streaming view are written into temporary tables first, so
 * that unions and arrays are gone through once; `tables` makes those. What the views above ask of SUPER values is read there too,
 * once for all of them, into further columns.
 */
export function keptStatements(
  kept: readonly KeptView[],
  sourceOid: number,
  catalogue: Catalogue,
  write: WriteView,
): { readonly tables: readonly string[]; readonly statements: readonly KeptStatement[] } {
  const storage = new Map<number, { table: string; query?: BoundQuery }>([[sourceOid, { table: batchTable }]]);
  const between: { view: ViewObject; table: string; query: BoundQuery }[] = [];
  const users = (oid: number) => kept.filter(({ view }) => reads(view, oid, catalogue)).map(({ view }) => view);
  const fill = (view: ViewObject): void => {
    for (const [, oid] of view.references) {
      const below = catalogue.get(oid);
      if (below?.kind !== "view" || storage.has(oid)) continue;
      fill(below);
      const rows = { table: `temp.main.b${oid}`, query: write(below, storage) };
      between.push({ view: below, ...rows });
      storage.set(oid, rows);
    }
  };
  for (const { view } of kept) fill(view);
  const inserts = kept.map(({ view, table }) => ({
    sql: `INSERT INTO ${table} ${write(view, storage).render()}`,
    views: [view],
  }));
  // Written last, upper ones first: only now is known what is asked of them.
  const texts = between
    .toReversed()
    .map(({ query }) => query.render())
    .reverse();
  return {
    tables: between.map(
      ({ view }, index) => `CREATE OR REPLACE TEMP TABLE b${view.oid} AS ${texts[index]} WITH NO DATA`,
    ),
    statements: [
      ...between.map(({ view, table }, index) => ({
        sql: `INSERT INTO ${table} ${texts[index]}`,
        views: users(view.oid),
      })),
      ...inserts,
      ...between.map(({ table }) => ({ sql: `DELETE FROM ${table}`, views: [] })),
    ],
  };
}

function reads(view: ViewObject, oid: number, catalogue: Catalogue): boolean {
  return view.references.some(([, reference]) => {
    const below = catalogue.get(reference);
    return reference === oid || (below?.kind === "view" && reads(below, oid, catalogue));
  });
}

const columnsOf = (view: ViewObject) =>
  view.columns.map((column, index) => `c${index} ${storedType(column)}`).join(", ");

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
  { view, table }: KeptView,
  source: MaterializedViewObject,
  definition: string,
  world: KeepingWorld,
): Promise<boolean> {
  const { connection } = world;
  await world.withoutReaders(view.oid, () => connection.run(`DROP TABLE IF EXISTS ${table}`));
  try {
    await inTransaction(connection, async () => {
      await connection.run(`CREATE TABLE ${table} (${columnsOf(view)})`);
      await connection.run(`INSERT INTO ${table} ${world.write(view, new Map()).render()}`);
      await connection.run(`INSERT INTO main.kept_views VALUES (${view.oid}, ${source.oid}, ${quoteText(definition)})`);
    });
    return true;
  } catch (error) {
    world.onFailure(view, error);
    return false;
  }
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
