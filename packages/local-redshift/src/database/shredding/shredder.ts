import { setTimeout as sleep } from "node:timers/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../sql/bound.ts";
import { keptText } from "../../sql/kept-text.ts";
import { storageName, type StreamingViewObject } from "../catalogue-object.ts";
import type { DatabaseCore } from "../database-core.ts";
import { inTransaction, readRows } from "../duck.ts";
import type { LockOwner } from "../locks.ts";
import { pathKey, storeShreddedPaths, type AskedPath, type ShreddedPath } from "./shredded-path.ts";
import { Wishes } from "./wishes.ts";

/** Most hidden columns of one view. Then no more are added, until the view is made anew: none is ever taken away. */
const maxPaths = 32;
/**
 * JSON of older rows that is read in one part, in bytes: some 15 to 30 ms, of which the commit is the half. Between two parts as much
 * time is left to others.
 */
const partBytes = 2 * 1_048_576;
/** How long to wait for a view that someone has locked, or for transactions that are open, in milliseconds. */
const retryMs = 100;
/** What a view has to have read of its stream before its paths are shredded: JSON of that size is read in about 20 ms. */
const leastBytes = 8 * 1_048_576;

/** What a shredder needs of what it belongs to. */
export interface ShredderWorld {
  readonly database: DatabaseCore;
  readonly view: StreamingViewObject;
  readonly pid: number;
  connect(): Promise<DuckDBConnection>;
  /** What the view has read of its stream so far. */
  readonly scanned: () => { readonly rows: number; readonly bytes: number };
  /** Told of paths that new rows have to have from now on; the caller holds the view's lock. */
  added(paths: readonly ShreddedPath[]): void;
  /** Told when paths may be read. */
  completed(paths: readonly ShreddedPath[]): void;
}

/**
 * Shreds what queries ask of one streaming view, beside its refreshes. First the hidden columns are added, from when on refreshes fill
 * them for new rows; then those of older rows are filled in small parts, from the last row down, since DuckDB moves rows only
 * towards the first; at last, when no row is without, they may be read. Each step is a transaction with the view's `write` lock, as a
 * refresh is. What a killed process leaves unfinished is gone on with.
 */
export class Shredder implements LockOwner {
  readonly pid: number;
  readonly #world: ShredderWorld;
  readonly #wishes = new Wishes();
  readonly #stopping = new AbortController();
  #paths: readonly ShreddedPath[];
  #connection: DuckDBConnection | undefined;
  #working: Promise<void> | undefined;
  /** Rows from this one on are done; unknown at first. */
  #doneFrom: number | undefined;

  constructor(world: ShredderWorld, paths: readonly ShreddedPath[]) {
    this.pid = world.pid;
    this.#world = world;
    this.#paths = paths;
    if (paths.some((path) => !path.isComplete)) this.#work();
  }

  /** Takes note of a query that had to read JSON. */
  ask(path: AskedPath): void {
    // A path that is known and not readable yet is being shredded, or that has failed.
    if (this.#paths.some((own) => pathKey(own) === pathKey(path))) return this.#work();
    if (this.#paths.length >= maxPaths) return;
    this.#wishes.ask(path);
    const { database, scanned } = this.#world;
    if (scanned().bytes >= (database.settings.shredFromBytes ?? leastBytes) && this.#wishes.ripe.length > 0)
      this.#work();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#working;
    this.#connection?.closeSync();
  }

  #work(): void {
    if (this.#stopping.signal.aborted) return;
    this.#working ??= this.#shred().finally(() => {
      this.#working = undefined;
    });
  }

  /** Never rejects: what fails is told to the log, tried again with the next ask, and meanwhile read from JSON. */
  async #shred(): Promise<void> {
    try {
      while (!this.#stopping.signal.aborted) {
        const startedAt = performance.now();
        const did = await this.#step();
        if (did === "all") return;
        const pauseMs = did === "nothing" ? retryMs : performance.now() - startedAt;
        await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    } catch (error) {
      const { database, view } = this.#world;
      const reason = error instanceof Error ? error.message : String(error);
      database.settings.log?.(`paths of ${view.schema}.${view.name} are not shredded: ${reason}`);
    }
  }

  async #step(): Promise<"all" | "some" | "nothing"> {
    const { database, view } = this.#world;
    if (!database.locks.takeIfFree(this, view.oid, "write")) return "nothing";
    try {
      if (database.catalogue.get(view.oid) === undefined) return "all";
      this.#connection ??= await this.#world.connect();
      const wanted = this.#wishes.ripe.slice(0, maxPaths - this.#paths.length);
      if (wanted.length > 0) return (await this.#add(wanted, this.#connection)) ? "some" : "nothing";
      const unfinished = this.#paths.filter((path) => !path.isComplete);
      if (unfinished.length === 0) return "all";
      await this.#fill(unfinished, this.#connection);
      return "some";
    } finally {
      database.locks.release(this);
    }
  }

  async #add(wanted: readonly AskedPath[], connection: DuckDBConnection): Promise<boolean> {
    const { database, view } = this.#world;
    const names = freeNames(view, this.#paths.length);
    const paths = wanted.map((path): ShreddedPath => ({ ...path, hidden: names.next().value, isComplete: false }));
    const isAdded = await database.longSnapshots.without(() =>
      inTransaction(connection, async () => {
        for (const { hidden } of paths)
          await connection.run(`ALTER TABLE ${storageName(view)} ADD COLUMN ${quoteName(hidden)} VARCHAR`);
        await storeShreddedPaths(connection, view.oid, paths);
      }),
    );
    if (!isAdded) return false;
    this.#wishes.granted(paths);
    this.#paths = [...this.#paths, ...paths];
    this.#doneFrom = undefined;
    this.#world.added(this.#paths);
    return true;
  }

  /** Fills what is missing in a part of the rows; after the first row looks whether all are filled. */
  async #fill(paths: readonly ShreddedPath[], connection: DuckDBConnection): Promise<void> {
    const table = storageName(this.#world.view);
    const { rows, bytes } = this.#world.scanned();
    const partRows = Math.max(1, Math.ceil((partBytes * rows) / Math.max(1, bytes)));
    const end = this.#doneFrom ?? (await numberOf(connection, `SELECT coalesce(max(rowid) + 1, 0) FROM ${table}`));
    const start = Math.max(0, end - partRows);
    const columns = paths.map(({ hidden }) => quoteName(hidden));
    const isMissing = columns.map((column) => `${column} IS NULL`).join(" OR ");
    const values = paths.map(
      ({ column, steps, want }, index) => `${columns[index]} = ${keptText(quoteName(column), steps, want)}`,
    );
    await connection.run(
      `UPDATE ${table} SET ${values.join(", ")} WHERE rowid >= ${start} AND rowid < ${end} AND (${isMissing})`,
    );
    this.#doneFrom = start;
    if (start === 0) await this.#finish(paths, `SELECT count(*) FROM ${table} WHERE ${isMissing}`, connection);
  }

  async #finish(paths: readonly ShreddedPath[], missing: string, connection: DuckDBConnection): Promise<void> {
    this.#doneFrom = undefined;
    if ((await numberOf(connection, missing)) > 0) return;
    await connection.run(`UPDATE main.shredded_paths SET complete = true WHERE view_oid = ${this.#world.view.oid}`);
    // Many rows that were changed in place are read several times as fast once they are folded in; DuckDB refuses that while others write.
    if (this.#world.scanned().bytes >= leastBytes) await connection.run("CHECKPOINT").catch(() => undefined);
    this.#paths = this.#paths.map((path) => (paths.includes(path) ? { ...path, isComplete: true } : path));
    this.#world.completed(this.#paths);
    const { database, view } = this.#world;
    database.settings.log?.(`paths of ${view.schema}.${view.name} that are shredded: ${this.#paths.length}`);
  }
}

/** Names for hidden columns, of which the first are taken; DuckDB takes no notice of case. */
function* freeNames(view: StreamingViewObject, taken: number): Generator<string, never> {
  const own = new Set(view.columns.map((column) => column.name.toLowerCase()));
  for (let number = 0, found = 0; ; number += 1) {
    const name = `shredded_${number}`;
    if (own.has(name)) continue;
    found += 1;
    if (found > taken) yield name;
  }
}

async function numberOf(connection: DuckDBConnection, sql: string): Promise<number> {
  return Number((await readRows(connection, sql))[0]![0]);
}
