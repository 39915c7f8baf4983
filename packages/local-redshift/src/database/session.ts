import type { DuckDBConnection } from "@duckdb/node-api";
import type { BindContext, SessionFacts } from "../sql/bind-context.ts";
import { parseStatement } from "../sql/parse-statement.ts";
import { SqlError } from "../sql/sql-error.ts";
import type { Statement } from "../sql/tree.ts";
import type { Catalogue, CatalogueChange } from "./catalogue.ts";
import { storeChange } from "./catalogue.ts";
import { isTableView, type RelationObject, type TableObject } from "./catalogue-object.ts";
import type { LoggedSession } from "./activity/activity.ts";
import type { LoggedQuery } from "./activity/logged-query.ts";
import { OpenCursors } from "./cursors/open-cursors.ts";
import type { DatabaseCore } from "./database-core.ts";
import type { DatabaseSession, StatementParameter, StatementResult } from "./database.ts";
import { translateDuckError } from "./duck-error.ts";
import { interruptible } from "./interruptible.ts";
import { refreshTableView } from "./materialized-views/table-view.ts";
import { forgetKeptViews, type KeptViews } from "./kept-views.ts";
import type { LockKey, LockMode } from "./locks.ts";
import { done } from "./query-result.ts";
import { withDefaultGrants } from "./rights/default-privileges.ts";
import { identityOf, type Identity } from "./rights/identity.ts";
import { rightsFacts } from "./rights/facts.ts";
import type { RlsPolicyObject } from "./row-security/row-security.ts";
import { bindLocked, lockTarget, type LockingSession } from "./relation-locks.ts";
import { bindContext, searchSchemas, type FoundRelation } from "./relation-lookup.ts";
import { catalogueConflict, tooDeep } from "./session-errors.ts";
import { textsKept, type ReadablePaths } from "./shredding/shredded-path.ts";
import { SessionSettings } from "./session-settings.ts";
import {
  checkCommit,
  type PreparedStatement,
  type ProcedureFrame,
  type StatementContext,
} from "./statement-context.ts";
import { runStatement } from "./statements/run-statement.ts";

/** A session: one DuckDB connection, one transaction at a time, settings, temporary tables. */
export class Session implements DatabaseSession {
  readonly pid: number;
  /** The user who logged in. */
  readonly loginOid: number;
  readonly #database: DatabaseCore;
  readonly #connection: DuckDBConnection;
  readonly #settings: SessionSettings;
  /** The user of SET SESSION AUTHORIZATION, at first the one who logged in, and the one it goes back to when the transaction ends. */
  #sessionUser: number;
  #savedSessionUser: number;
  #isLocalUser = false;
  readonly #temporary = new Map<string, TableObject>();
  readonly #cursors = new OpenCursors();
  readonly #prepared = new Map<string, PreparedStatement>();
  #savedSettings: ReturnType<SessionSettings["save"]> = new Map();
  #savedTemporary: readonly (readonly [string, TableObject])[] = [];
  #state: "idle" | "open" | "aborted" = "idle";
  /** DuckDB's transaction runs, so the snapshot is taken. */
  #begun = false;
  /** More may come on the same snapshot than what has its locks before it. */
  #isLong = false;
  #catalogue: Catalogue;
  #keptViews: KeptViews;
  #shreddedPaths: ReadablePaths;
  #changes: CatalogueChange[] = [];
  /** Relations whose rows this transaction has changed. */
  readonly #changedRows = new Set<number>();
  readonly #freshViews = new Set<number>();
  #afterCommit: (() => void)[] = [];
  #transactionTime = 0;
  #transactionId: number | undefined;
  readonly #log: LoggedSession;
  /** The statement that runs, or ran last. */
  #query: LoggedQuery | undefined;
  readonly #locking: LockingSession;
  #tail: Promise<unknown> = Promise.resolve();
  /** Ends the statement that runs. */
  #running: AbortController | undefined;
  #closed = false;

  constructor(
    database: DatabaseCore,
    loginOid: number,
    connection: DuckDBConnection,
    pid: number,
    settings: Readonly<Record<string, string>>,
  ) {
    this.#database = database;
    this.loginOid = loginOid;
    this.#sessionUser = loginOid;
    this.#savedSessionUser = loginOid;
    this.#connection = connection;
    this.#settings = new SessionSettings(settings);
    this.pid = pid;
    this.#catalogue = database.catalogue;
    this.#keptViews = database.keptViews;
    this.#shreddedPaths = database.shreddedPaths;
    this.#locking = {
      seen: () => this.#catalogue,
      committed: () => database.catalogue,
      temporary: this.#temporary,
      isBegun: () => this.#begun,
      hasChanged: (oid) => this.#hasChanged(oid),
      lock: (key, mode, signal) => this.#lock(key, mode, signal),
    };
    this.#log = database.activity.connected(pid, loginOid, this.#identity(loginOid).name);
  }

  execute(sql: string, parameters: readonly StatementParameter[] = [], signal?: AbortSignal): Promise<StatementResult> {
    const { pid, userId, userName } = this.#log;
    const label = this.#settings.get("query_group");
    const query = this.#database.activity.submitted({ pid, userId, userName, label, sql });
    const run = this.#tail.then(() => {
      query.pick();
      this.#query = query;
      return this.#execute(sql, parameters, signal, query);
    });
    this.#tail = run.then(
      (result) => query.succeed(result),
      (error: unknown) => query.fail(error),
    );
    return run;
  }

  /** Whether it has ended, or is about to. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Ends the statement that runs, if one does. */
  cancel(): void {
    this.#running?.abort();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.cancel();
    this.#connection.interrupt();
    await this.#tail;
    await this.#rollback();
    this.#database.locks.release(this);
    this.#connection.closeSync();
    this.#database.activity.disconnected(this.#log);
    this.#database.sessionClosed(this);
  }

  async #execute(
    sql: string,
    parameters: readonly StatementParameter[],
    caller: AbortSignal | undefined,
    query: LoggedQuery,
  ): Promise<StatementResult> {
    if (this.#closed) throw new SqlError("the session is closed", { sqlState: "08003" });
    const statement = await this.#parse(sql);
    if (this.#state === "idle") this.#start();
    query.start(statement, this.#transactionId ?? 0);
    this.#isLong = this.#state === "open" || statement.kind === "call" || statement.kind === "execute";
    if (statement.kind === "begin") return this.#open();
    if (statement.kind === "commit" || statement.kind === "rollback") return this.#end(statement.kind);
    if (this.#state === "aborted")
      throw new SqlError("current transaction is aborted, commands ignored until end of transaction block", {
        sqlState: "25P02",
      });
    const running = new AbortController();
    const timeout = Number(this.#settings.get("statement_timeout"));
    const others = [...(caller ? [caller] : []), ...(timeout > 0 ? [AbortSignal.timeout(timeout)] : [])];
    const signal = AbortSignal.any([running.signal, ...others]);
    this.#running = running;
    try {
      return await interruptible(this.#connection, signal, () =>
        this.#inTransaction(sql, parameters, signal, (context) => runStatement(statement, context)),
      );
    } finally {
      this.#running = undefined;
    }
  }

  /** Refreshes a materialized view over tables on its own account. */
  async refreshAlone(oid: number): Promise<void> {
    this.#start();
    await this.#inTransaction("", [], undefined, async (context) => {
      const view = context.catalogue.get(oid);
      if (isTableView(view)) await refreshTableView(view, false, "Auto", context);
      return done("REFRESH MATERIALIZED VIEW");
    });
  }

  async #parse(sql: string): Promise<Statement> {
    try {
      return parseStatement(sql);
    } catch (error) {
      if (this.#state === "open") {
        await this.#rollback();
        this.#state = "aborted";
      }
      throw tooDeep(error) ?? error;
    }
  }

  async #inTransaction(
    sql: string,
    parameters: readonly StatementParameter[],
    signal: AbortSignal | undefined,
    run: (context: StatementContext) => Promise<StatementResult>,
  ): Promise<StatementResult> {
    const explicit = this.#state === "open";
    try {
      if (signal?.aborted === true) throw this.#cancelled();
      const result = await run(this.#context(sql, parameters, signal));
      if (!explicit) await this.#commit();
      return result;
    } catch (error) {
      await this.#rollback();
      if (explicit) this.#state = "aborted";
      throw signal?.aborted === true ? this.#cancelled(error) : (tooDeep(error) ?? translateDuckError(error, this.pid));
    }
  }

  #cancelled(cause?: unknown): SqlError {
    if (this.#closed)
      throw new SqlError("terminating connection due to administrator command", { sqlState: "57P01", cause });
    return new SqlError(`Query (${this.pid}) cancelled on user's request`, { sqlState: "57014", cause });
  }

  /** A transaction's catalogue is the committed one until DuckDB's snapshot is taken. */
  #start(): void {
    this.#look();
    this.#transactionTime = this.#database.now();
    this.#transactionId = this.#database.nextTransactionId();
    this.#savedSettings = this.#settings.save();
    this.#savedSessionUser = this.#sessionUser;
    this.#savedTemporary = [...this.#temporary];
  }

  /** Takes what is committed now as what the session sees. */
  #look(): void {
    this.#catalogue = this.#database.catalogue;
    this.#keptViews = this.#database.keptViews;
    this.#shreddedPaths = this.#database.shreddedPaths;
  }

  #open(): StatementResult {
    if (this.#state === "idle") this.#state = "open";
    return done("BEGIN");
  }

  async #end(kind: "commit" | "rollback"): Promise<StatementResult> {
    const failed = this.#state === "aborted";
    this.#state = "idle";
    if (kind === "commit" && !failed) {
      try {
        await this.#commit();
      } catch (error) {
        await this.#rollback();
        throw translateDuckError(error, this.pid);
      }
      return done("COMMIT");
    }
    await this.#rollback();
    return done("ROLLBACK");
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    if (this.#isLong) await this.#database.longSnapshots.take(this);
    if (this.#changes.length === 0) this.#look();
    await this.#connection.run("BEGIN TRANSACTION");
    this.#begun = true;
  }

  async #commit(): Promise<void> {
    const commitStartedAt = this.#database.now();
    const changedRows = [...this.#changedRows];
    if (this.#begun && changedRows.length > 0)
      await this.#database.rowChanges.store(this.#connection, changedRows, this.#freshViews, this.#database.catalogue);
    if (this.#begun) await this.#connection.run("COMMIT");
    this.#begun = false;
    const changes = this.#changes;
    this.#changes = [];
    this.#settings.endTransaction();
    this.#cursors.endTransaction();
    if (this.#isLocalUser) this.#sessionUser = this.#savedSessionUser;
    this.#isLocalUser = false;
    this.#savedSettings = this.#settings.save();
    this.#savedTemporary = [...this.#temporary];
    const afterCommit = this.#afterCommit;
    this.#afterCommit = [];
    this.#changedRows.clear();
    this.#freshViews.clear();
    if (changedRows.length > 0) this.#database.rowsChanged(changedRows);
    for (const run of afterCommit) run();
    if (changes.length > 0) this.#database.publish(changes);
    this.#look();
    this.#giveBack();
    this.#logTransaction(true, commitStartedAt);
  }

  async #rollback(): Promise<void> {
    const commitStartedAt = this.#database.now();
    if (this.#begun) {
      this.#begun = false;
      await this.#connection.run("ROLLBACK").catch(() => undefined);
    }
    this.#changes = [];
    this.#settings.endTransaction();
    this.#cursors.endTransaction();
    this.#afterCommit = [];
    this.#changedRows.clear();
    this.#freshViews.clear();
    this.#settings.restore(this.#savedSettings);
    this.#sessionUser = this.#savedSessionUser;
    this.#isLocalUser = false;
    this.#temporary.clear();
    for (const [name, table] of this.#savedTemporary) this.#temporary.set(name, table);
    this.#look();
    this.#giveBack();
    this.#logTransaction(false, commitStartedAt);
  }

  #giveBack(): void {
    this.#database.longSnapshots.release(this);
    this.#database.locks.release(this);
  }

  #logTransaction(isCommitted: boolean, commitStartedAt: number): void {
    if (this.#transactionId === undefined) return;
    const [id, userId, startedAt] = [this.#transactionId, this.#log.userId, this.#transactionTime];
    this.#transactionId = undefined;
    const endedAt = this.#database.now();
    this.#database.activity.transactionEnded({ id, userId, isCommitted, startedAt, commitStartedAt, endedAt });
  }

  #context(
    sql: string,
    parameters: readonly StatementParameter[],
    signal: AbortSignal | undefined,
    frame: ProcedureFrame | undefined = undefined,
    variable = frame?.variable,
  ): StatementContext {
    const session = this.#view(frame);
    const values = new Map(parameters.map(({ name, value }) => [name, value]));
    const nameSettings = this.#settings.names;
    const lock = (key: LockKey, mode: LockMode) => this.#lock(key, mode, signal).then(() => undefined);
    const bind = (
      onFound: (found: FoundRelation, depth: number) => void,
      access: "read" | "name" = "read",
    ): BindContext => bindContext({ ...this.#world(frame), access }, nameSettings, values, onFound, variable);
    return {
      ...this.#parts(),
      frame,
      get catalogue() {
        return session.catalogue();
      },
      get user() {
        return session.user();
      },
      sessionUser: this.#identity(this.#sessionUser),
      loginUser: this.#identity(this.loginOid),
      authorize: (oid, local) => {
        this.#sessionUser = oid;
        this.#isLocalUser = local;
      },
      inTransaction: this.#state === "open" || frame !== undefined,
      nameSettings,
      signal,
      sql,
      begin: () => this.#begin(),
      commit: async () => {
        checkCommit(frame, "TRUNCATE");
        await this.#commitInside();
      },
      rollback: () => this.#rollbackInside(),
      withValues: (given) => this.#context(sql, parameters, signal, frame, given),
      inside: (inner, text) => this.#context(text, [], signal, inner),
      lock,
      prepare: (build, access) => bindLocked(this.#locking, (onFound) => bind(onFound, access), build, signal),
      target: (name, mode) => lockTarget(this.#locking, (onFound) => bind(onFound, "name"), name, mode, signal),
      change: async (...objects) => {
        for (const object of objects) {
          const isNew = this.#catalogue.get(object.oid) === undefined;
          await this.#change({ oid: object.oid, object: isNew ? withDefaultGrants(object, this.#catalogue) : object });
        }
      },
      changedRows: this.#changedRows,
      rowsChanged: (oid) => void this.#changedRows.add(oid),
      viewRefreshed: (oid) => void this.#freshViews.add(oid),
      afterCommit: (run) => void this.#afterCommit.push(run),
      changeStreamRows: (oid) => this.#changeStreamRows(oid),
      drop: (oid) => this.#change({ oid, object: undefined }),
      hasChanged: (oid) => this.#hasChanged(oid),
    };
  }

  #parts() {
    return {
      database: this.#database,
      pid: this.pid,
      queryId: this.#query?.submitted.id ?? 0,
      transactionId: this.#transactionId ?? 0,
      owner: this,
      connection: this.#connection,
      settings: this.#settings,
      temporary: this.#temporary,
      cursors: this.#cursors,
      prepared: this.#prepared,
    };
  }

  #view(frame: ProcedureFrame | undefined) {
    return { catalogue: () => this.#catalogue, user: () => this.#userOf(frame) };
  }

  /** With whose rights statements run: the session's user, or inside of a procedure who it runs as. */
  #userOf(frame: ProcedureFrame | undefined): Identity {
    return this.#identity(frame?.userOid ?? this.#sessionUser);
  }

  #identity(oid: number): Identity {
    const identity = identityOf(this.#catalogue, oid);
    if (identity === undefined) throw new SqlError(`user with ID ${oid} does not exist`, { sqlState: "42704" });
    return identity;
  }

  async #commitInside(): Promise<void> {
    await this.#commit();
    this.#start();
  }

  async #rollbackInside(): Promise<void> {
    await this.#rollback();
    this.#start();
  }

  async #changeStreamRows(oid: number): Promise<void> {
    this.#database.refreshes.stopKeeping(oid);
    this.#keptViews = new Map([...this.#keptViews].filter(([, kept]) => kept.sourceOid !== oid));
    await forgetKeptViews(this.#connection, oid);
  }

  async #change(change: CatalogueChange): Promise<void> {
    await storeChange(this.#connection, change).catch((error: unknown) => {
      throw catalogueConflict(error) ?? error;
    });
    this.#changes.push(change);
    this.#catalogue = this.#catalogue.with([change]);
  }

  /** Resolves to whether the lock had to be waited for; then the catalogue may have moved on. */
  async #lock(key: LockKey, mode: LockMode, signal: AbortSignal | undefined): Promise<boolean> {
    const asked = performance.now();
    const waited = await this.#database.locks.take(this, key, mode, signal);
    if (waited) this.#query?.waited(performance.now() - asked);
    if (!this.#begun && this.#changes.length === 0) this.#look();
    return waited;
  }

  #hasChanged(oid: number): boolean {
    return this.#changes.some((change) => change.oid === oid);
  }

  #world(frame: ProcedureFrame | undefined) {
    const user = this.#userOf(frame);
    const facts: SessionFacts = {
      user: user.name,
      sessionUser: this.#identity(this.#sessionUser).name,
      rights: rightsFacts(this.#catalogue, user),
      settings: this.#settings,
      databaseName: this.#database.settings.databaseName,
      schema: this.#currentSchema(user),
      pid: this.pid,
      statementTime: this.#database.now(),
      transactionTime: this.#transactionTime,
    };
    const searchPath = searchSchemas(this.#settings.names.searchPath, facts.user);
    const keptTexts = textsKept(this.#shreddedPaths, (oid, path) => this.#database.refreshes.ask(oid, path));
    return {
      keptTexts,
      catalogue: this.#catalogue,
      databaseName: this.#database.settings.databaseName,
      temporary: this.#temporary,
      keptViews: this.#keptViews,
      systemView: (schema: string, name: string) =>
        this.#database.systemView(schema, name, this.#catalogue, user, searchPath),
      superModes: this.#settings.superModes,
      facts,
      reader: user,
      onPolicy: (relation: RelationObject, policy: RlsPolicyObject | undefined) =>
        this.#query?.protect({ schema: relation.schema, relation: relation.name, policy: policy?.name }),
    };
  }

  #currentSchema(user: Identity): string {
    const schemas = searchSchemas(this.#settings.names.searchPath, user.name);
    return schemas.find((schema) => this.#catalogue.schema(schema) !== undefined) ?? "public";
  }
}
