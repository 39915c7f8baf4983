import type { DuckDBConnection } from "@duckdb/node-api";
import type { Catalogue } from "../catalogue.ts";
import { isStreamingView, isTableView, type TableViewObject } from "../catalogue-object.ts";
import { readRows } from "../duck.ts";

/** How often the rows of each base had changed, at one moment. */
export type Marks = ReadonlyMap<number, number>;

/**
 * Which rows have changed since which refresh. Changes are counted when they are committed; that a view was behind is kept in the file
 * too. After a start a view over a streaming view counts as behind, since what arrives by the stream is only counted in memory.
 */
export class RowChanges {
  readonly #counts = new Map<number, number>();
  readonly #seen = new Map<number, Marks>();
  readonly #behind = new Set<number>();

  /** Makes the table in the file and reads it; to be called once, when it is opened. */
  async load(connection: DuckDBConnection, catalogue: Catalogue): Promise<void> {
    await connection.run("CREATE TABLE IF NOT EXISTS main.views_behind (view_oid BIGINT)");
    for (const [oid] of await readRows(connection, "SELECT DISTINCT view_oid FROM main.views_behind"))
      this.#behind.add(Number(oid));
    for (const view of catalogue.relations)
      if (isTableView(view) && view.bases.some((base) => isStreamingView(catalogue.get(base.oid))))
        this.#behind.add(view.oid);
  }

  /** Writes that the views over changed relations are behind, but for those that the same transaction refreshed after that. */
  async store(
    connection: DuckDBConnection,
    changed: Iterable<number>,
    fresh: ReadonlySet<number>,
    catalogue: Catalogue,
  ): Promise<void> {
    const behind = new Set<number>();
    for (const oid of changed)
      for (const view of catalogue.dependentsOf(oid))
        if (isTableView(view) && !fresh.has(view.oid)) behind.add(view.oid);
    for (const oid of behind) await connection.run(`INSERT INTO main.views_behind VALUES (${oid})`);
  }

  /** Counts committed changes. */
  count(changed: Iterable<number>): void {
    for (const oid of changed) this.#counts.set(oid, (this.#counts.get(oid) ?? 0) + 1);
  }

  /**
   * To be called before the snapshot of a refresh; what changes later is then not taken for seen. `own` are relations that the same
   * transaction has changed before and that its commit will count.
   */
  marks(view: TableViewObject, own: ReadonlySet<number> = new Set()): Marks {
    const count = (oid: number) => (this.#counts.get(oid) ?? 0) + (own.has(oid) ? 1 : 0);
    return new Map(view.bases.map((base) => [base.oid, count(base.oid)]));
  }

  /** Says in the file that a view is up to date, as part of the transaction that refreshes it. */
  async forget(connection: DuckDBConnection, viewOid: number): Promise<void> {
    await connection.run(`DELETE FROM main.views_behind WHERE view_oid = ${viewOid}`);
  }

  /** Takes a committed refresh for done. */
  refreshed(viewOid: number, marks: Marks): void {
    this.#seen.set(viewOid, marks);
    this.#behind.delete(viewOid);
  }

  /** Whether rows have changed since the last refresh. */
  isStale(view: TableViewObject): boolean {
    if (this.#behind.has(view.oid)) return true;
    const seen = this.#seen.get(view.oid);
    return view.bases.some((base) => (this.#counts.get(base.oid) ?? 0) !== (seen?.get(base.oid) ?? 0));
  }
}
