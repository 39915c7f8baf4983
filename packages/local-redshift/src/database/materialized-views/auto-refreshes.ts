import { isTableView, type TableViewObject } from "../catalogue-object.ts";
import type { DatabaseCore } from "../database-core.ts";

/** Refreshes views over tables that have AUTO REFRESH, after rows of their tables have changed. */
export class AutoRefreshes {
  readonly #database: DatabaseCore;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(database: DatabaseCore) {
    this.#database = database;
  }

  /** To be told of every committed change of rows or of the catalogue. */
  wake(): void {
    if (this.#closed) return;
    for (const view of this.#database.catalogue.relations) if (this.#isDue(view)) this.#schedule(view);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#running);
  }

  #isDue(view: Parameters<typeof isTableView>[0]): view is TableViewObject {
    return isTableView(view) && view.autoRefresh && this.#database.rowChanges.isStale(view);
  }

  #schedule(view: TableViewObject): void {
    if (this.#timers.has(view.oid)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(view.oid);
      const run = this.#refresh(view.oid).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }, this.#database.settings.refreshDelayMs ?? 0);
    this.#timers.set(view.oid, timer);
  }

  /** A refresh that fails is tried again at the next change. */
  async #refresh(oid: number): Promise<void> {
    const view = this.#database.catalogue.get(oid);
    if (this.#closed || !this.#isDue(view)) return;
    const session = await this.#database.connect({ name: view.owner, superuser: false });
    try {
      await session.refreshAlone(oid);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#database.settings.log?.(`refresh of ${view.schema}.${view.name} failed: ${reason}`);
    } finally {
      await session.close();
    }
  }
}
