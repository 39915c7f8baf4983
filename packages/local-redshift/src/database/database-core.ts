import type { DuckDBInstance } from "@duckdb/node-api";
import type { OutputColumn } from "../sql/bound.ts";
import { Activity } from "./activity/activity.ts";
import { loadCatalogue, type Catalogue, type CatalogueChange } from "./catalogue.ts";
import type { DatabaseSettings, DatabaseUser } from "./database.ts";
import { openDuck } from "./duck.ts";
import { LockManager } from "./locks.ts";
import { Refreshes } from "./streaming/refreshes.ts";
import { Session } from "./session.ts";
import type { KeptViews } from "./kept-views.ts";
import { systemView } from "./system-views/system-views.ts";

/** Process ids of sessions start here, to look like Redshift's. */
const firstPid = 1_073_741_824;

/** What all sessions of one database share. */
export class DatabaseCore {
  readonly settings: DatabaseSettings;
  readonly locks = new LockManager();
  readonly refreshes: Refreshes;
  /** What was done since the database was opened. */
  readonly activity = new Activity(() => this.now());
  readonly #duck: DuckDBInstance;
  readonly #sessions = new Set<Session>();
  #catalogue: Catalogue;
  #lastOid: number;
  #lastPid = firstPid;
  #lastTransactionId = 0;
  #closing: Promise<void> | undefined;

  private constructor(settings: DatabaseSettings, duck: DuckDBInstance, catalogue: Catalogue) {
    this.settings = settings;
    this.#duck = duck;
    this.#catalogue = catalogue;
    const oids = [...catalogue.relations, ...catalogue.schemas, ...catalogue.procedures].map((object) => object.oid);
    this.#lastOid = Math.max(100_000, ...oids);
    this.refreshes = new Refreshes(this, duck);
  }

  /** Opens the file and starts refreshing. */
  static async open(settings: DatabaseSettings): Promise<DatabaseCore> {
    const duck = await openDuck(settings.file);
    const connection = await duck.connect();
    try {
      const core = new DatabaseCore(settings, duck, await loadCatalogue(connection));
      await core.refreshes.load(connection);
      core.refreshes.follow(core.catalogue);
      return core;
    } catch (error) {
      duck.closeSync();
      throw error;
    } finally {
      connection.closeSync();
    }
  }

  /** The committed catalogue. */
  get catalogue(): Catalogue {
    return this.#catalogue;
  }

  now(): number {
    return this.settings.now?.() ?? Date.now();
  }

  nextOid(): number {
    return (this.#lastOid += 1);
  }

  /** The views whose rows are kept, all of them committed. */
  get keptViews(): KeptViews {
    return this.refreshes.keptViews;
  }

  nextTransactionId(): number {
    return (this.#lastTransactionId += 1);
  }

  /** Makes committed changes of the catalogue visible to all. */
  publish(changes: readonly CatalogueChange[]): void {
    this.#catalogue = this.#catalogue.with(changes);
    this.refreshes.follow(this.#catalogue);
  }

  async connect(user: DatabaseUser): Promise<Session> {
    const session = new Session(this, user, await this.#duck.connect(), (this.#lastPid += 1));
    this.#sessions.add(session);
    return session;
  }

  sessionClosed(session: Session): void {
    this.#sessions.delete(session);
  }

  /** A system view for a user, as DuckDB text; `undefined` when there is none of that name. */
  systemView(
    schema: string,
    name: string,
    catalogue: Catalogue,
    user: DatabaseUser,
  ): { sql: string; columns: readonly OutputColumn[] } | undefined {
    const { activity, locks, refreshes, settings } = this;
    return systemView(schema, name, { catalogue, user, activity, locks, refreshes, settings });
  }

  /** Stops refreshing, ends every session and closes the file; a second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.refreshes.close();
    for (const session of [...this.#sessions]) await session.close();
    const connection = await this.#duck.connect();
    await connection.run("CHECKPOINT").catch(() => undefined);
    connection.closeSync();
    this.#duck.closeSync();
  }
}
