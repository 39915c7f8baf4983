import type { DuckDBInstance } from "@duckdb/node-api";
import type { OutputColumn } from "../sql/bound.ts";
import { Activity } from "./activity/activity.ts";
import { loadCatalogue, storeChange, type Catalogue, type CatalogueChange } from "./catalogue.ts";
import type { DatabaseSettings, DatabaseUser } from "./database.ts";
import { signalFunction } from "./backends.ts";
import { copyDuck, openDuck, setThreads } from "./duck.ts";
import { LockManager } from "./locks.ts";
import { AutoRefreshes } from "./materialized-views/auto-refreshes.ts";
import { RowChanges } from "./materialized-views/row-changes.ts";
import { Refreshes } from "./streaming/refreshes.ts";
import { isPassword } from "./rights/password.ts";
import type { UserObject } from "./rights/principal.ts";
import type { Identity } from "./rights/identity.ts";
import { LongSnapshots } from "./shredding/long-snapshots.ts";
import type { ReadablePaths } from "./shredding/shredded-path.ts";
import { Session } from "./session.ts";
import { isSetting } from "./session-settings.ts";
import type { KeptViews } from "./kept-views.ts";
import { QueryThreads } from "./query-threads.ts";
import { systemView } from "./system-views/system-views.ts";
import { Vacuums } from "./vacuum/vacuums.ts";
import { registerFunctions } from "./user-functions.ts";

/** Process ids of sessions start here, to look like Redshift's. */
const firstPid = 1_073_741_824;

/** What all sessions of one database share. */
export class DatabaseCore {
  readonly settings: DatabaseSettings;
  readonly locks = new LockManager();
  readonly longSnapshots = new LongSnapshots();
  readonly refreshes: Refreshes;
  readonly rowChanges = new RowChanges();
  readonly autoRefreshes: AutoRefreshes;
  readonly threads: QueryThreads;
  readonly vacuums: Vacuums;
  /** What was done since the database was opened. */
  readonly activity = new Activity(() => this.now());
  readonly #duck: DuckDBInstance;
  readonly #sessions = new Set<Session>();
  #catalogue: Catalogue;
  #lastOid: number;
  #lastPid = firstPid;
  #lastPrincipalOid = 0;
  #lastTransactionId = 0;
  #closing: Promise<void> | undefined;

  private constructor(settings: DatabaseSettings, duck: DuckDBInstance, catalogue: Catalogue) {
    this.settings = settings;
    this.#duck = duck;
    this.#catalogue = catalogue;
    this.#lastOid = Math.max(100_000, catalogue.lastOid);
    this.refreshes = new Refreshes(this, duck);
    this.vacuums = new Vacuums(duck, () => this.now());
    this.threads = new QueryThreads(
      (threads) => setThreads(duck, threads),
      () => this.refreshes.scannedRows,
    );
    this.autoRefreshes = new AutoRefreshes(this);
  }

  /** Opens the file and starts refreshing. */
  static async open(settings: DatabaseSettings): Promise<DatabaseCore> {
    const duck = await openDuck(settings.file, settings.copyDirectory);
    const connection = await duck.connect();
    try {
      const core = new DatabaseCore(settings, duck, await loadCatalogue(connection, settings.databaseName));
      registerFunctions(connection, [
        signalFunction(
          (pid) => core.session(pid),
          () => core.catalogue,
        ),
      ]);
      await core.refreshes.load(connection);
      await core.vacuums.load(connection);
      await core.rowChanges.load(connection, core.catalogue);
      core.refreshes.follow(core.catalogue);
      await core.refreshes.settled();
      core.autoRefreshes.wake();
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

  /** What paths of streaming views may be read from hidden columns, all of them committed. */
  get shreddedPaths(): ReadablePaths {
    return this.refreshes.shreddedPaths;
  }

  nextTransactionId(): number {
    return (this.#lastTransactionId += 1);
  }

  /** Makes committed changes of the catalogue visible to all. */
  publish(changes: readonly CatalogueChange[]): void {
    this.#catalogue = this.#catalogue.with(changes);
    this.refreshes.follow(this.#catalogue);
    this.autoRefreshes.wake();
  }

  /** Takes note of relations whose rows were changed by a committed transaction. */
  rowsChanged(oids: Iterable<number>): void {
    this.rowChanges.count(oids);
    this.autoRefreshes.wake();
  }

  /** A number for a user, role or group. */
  nextPrincipalOid(): number {
    return (this.#lastPrincipalOid = Math.max(this.#lastPrincipalOid + 1, this.#catalogue.nextPrincipalOid()));
  }

  async connect(user: DatabaseUser): Promise<Session> {
    const { oid, name, settings, superuser, connectionLimit } = await this.#enroll(user);
    const open = [...this.#sessions].filter((session) => session.loginOid === oid).length;
    if (!superuser && connectionLimit !== undefined && open >= connectionLimit)
      throw new Error(`FATAL: too many connections for user "${name}"`);
    this.#checkDatabaseLimit(superuser);
    const parameters = Object.entries(this.settings.configParameters?.() ?? {}).filter(([key]) => isSetting(key));
    const start = { ...Object.fromEntries(parameters), ...settings };
    const session = new Session(this, oid, await this.#duck.connect(), (this.#lastPid += 1), start);
    this.#sessions.add(session);
    return session;
  }

  /** Not for superusers. Source: Database Developer Guide, r_ALTER_DATABASE; the text is PostgreSQL's. */
  #checkDatabaseLimit(superuser: boolean): void {
    const { connectionLimit, name } = this.#catalogue.database;
    if (superuser || connectionLimit === undefined) return;
    const others = [...this.#sessions].filter(({ loginOid }) => !this.#isSuperuser(loginOid));
    if (others.length >= connectionLimit) throw new Error(`FATAL: too many connections for database "${name}"`);
  }

  #isSuperuser(oid: number): boolean {
    const user = this.#catalogue.get(oid);
    return user?.kind === "user" && user.superuser;
  }

  isPassword(userName: string, password: string): boolean {
    const user = this.#catalogue.user(userName);
    if (user?.password === undefined || (user.validUntil ?? Infinity) <= this.now()) return false;
    return isPassword(password, userName, user.password);
  }

  /** The user in the catalogue, made when it is not there. */
  async #enroll({ name, superuser }: DatabaseUser): Promise<UserObject> {
    const enough = (known: UserObject | undefined) => known !== undefined && (known.superuser || !superuser);
    const known = this.#catalogue.user(name);
    if (known !== undefined && enough(known)) return known;
    const owner = { pid: 0 };
    await this.locks.take(owner, `name:user ${name}`, "exclusive");
    const connection = await this.#duck.connect();
    try {
      const now = this.#catalogue.user(name);
      if (now !== undefined && enough(now)) return now;
      const user: UserObject = now
        ? { ...now, superuser }
        : { kind: "user", oid: this.nextPrincipalOid(), name, superuser };
      const change = { oid: user.oid, object: user };
      await storeChange(connection, change);
      this.publish([change]);
      return user;
    } finally {
      connection.closeSync();
      this.locks.release(owner);
    }
  }

  /** Whether sessions of anybody but `session` are open. */
  hasOtherSessions(session: Session): boolean {
    return [...this.#sessions].some((other) => other !== session);
  }

  /** The open session with a process id. */
  session(pid: number): Session | undefined {
    return [...this.#sessions].find((session) => session.pid === pid);
  }

  sessionClosed(session: Session): void {
    this.#sessions.delete(session);
  }

  /** A system view for a user, as DuckDB text; `undefined` when there is none of that name. */
  systemView(
    schema: string,
    name: string,
    catalogue: Catalogue,
    user: Identity,
    searchPath: readonly string[],
  ): { sql: string; columns: readonly OutputColumn[] } | undefined {
    const { activity, locks, refreshes, rowChanges, settings, vacuums } = this;
    const parts = { activity, locks, refreshes, rowChanges, settings, vacuums };
    return systemView(schema, name, { catalogue, user, searchPath, ...parts });
  }

  copyTo(file: string): Promise<void> {
    return copyDuck(this.#duck, file);
  }

  /** Stops refreshing, ends every session and closes the file; a second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.autoRefreshes.close();
    // Together, since each may wait for locks of another.
    await Promise.all([this.refreshes.close(), ...[...this.#sessions].map((session) => session.close())]);
    await this.threads.settle();
    const connection = await this.#duck.connect();
    await connection.run("CHECKPOINT").catch(() => undefined);
    connection.closeSync();
    this.#duck.closeSync();
  }
}
