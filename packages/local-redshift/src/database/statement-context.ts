import type { DuckDBConnection } from "@duckdb/node-api";
import type { BindContext, NameSettings } from "../sql/bind-context.ts";
import { SqlError } from "../sql/sql-error.ts";
import type { Statement, TypeNode } from "../sql/tree.ts";
import type { PreparableStatement } from "../sql/tree-session.ts";
import type { Catalogue } from "./catalogue.ts";
import type { CatalogueObject, RelationObject, TableObject } from "./catalogue-object.ts";
import type { OpenCursors } from "./cursors/open-cursors.ts";
import type { DatabaseCore } from "./database-core.ts";
import type { LockKey, LockMode, LockOwner } from "./locks.ts";
import type { FoundRelation } from "./relation-lookup.ts";
import type { Identity } from "./rights/identity.ts";
import type { SessionSettings } from "./session-settings.ts";

/** What a running procedure adds to its statements. */
export interface ProcedureFrame {
  /** Whose rights count. */
  readonly userOid: number;
  readonly variable: NonNullable<BindContext["variable"]>;
  /** Whether it may end the transaction. */
  readonly canCommit: boolean;
  readonly nonatomic: boolean;
  /** How many calls it is inside of, itself included. */
  readonly depth: number;
}

/** Throws when a procedure may not end the transaction with `command`. Source of the text: DG stored-procedure-transaction-management. */
export function checkCommit(frame: ProcedureFrame | undefined, command: string): void {
  if (frame === undefined || frame.canCommit) return;
  throw new SqlError(
    `${command} cannot be invoked from a procedure that is executing in an atomic context.\n  Hint: Try calling the procedure as a top-level call i.e. not from within an explicit transaction block. Or, if this procedure (or one of its ancestors in the call chain) was created with SET config options, recreate the procedure without them.`,
    { sqlState: "2D000" },
  );
}

/** A statement that is kept for EXECUTE. */
export interface PreparedStatement {
  readonly types: readonly TypeNode[];
  readonly statement: PreparableStatement;
}

/** What the session offers to the code of one statement. */
export interface StatementContext {
  readonly database: DatabaseCore;
  /** With whose rights the statement runs, as the transaction's catalogue has it now: the session's user, or the owner of a procedure. */
  readonly user: Identity;
  /** The user of SET SESSION AUTHORIZATION, and the one who logged in. */
  readonly sessionUser: Identity;
  readonly loginUser: Identity;
  readonly pid: number;
  /** The number of the statement, and of its transaction, in the SYS_ views. */
  readonly queryId: number;
  readonly transactionId: number;
  /** The session, as the lock manager knows it. */
  readonly owner: LockOwner;
  readonly connection: DuckDBConnection;
  readonly settings: SessionSettings;
  readonly nameSettings: NameSettings;
  readonly signal: AbortSignal | undefined;
  /** Text of the statement, from which the queries of views are cut. */
  readonly sql: string;
  /** Whether an explicit transaction is open. */
  readonly inTransaction: boolean;
  /** The catalogue that the statement sees, own changes included. */
  readonly catalogue: Catalogue;
  /** Temporary tables of the session. */
  readonly temporary: Map<string, TableObject>;
  /** Cursors of the session, which end with the transaction. */
  readonly cursors: OpenCursors;
  /** Prepared statements of the session by their names. */
  readonly prepared: Map<string, PreparedStatement>;
  /**
   * Binds with share locks on all that is read. When a lock had to be waited for, `build` runs again on what is there then. With the
   * access `name` the user's rights to read are not looked at.
   */
  prepare<Built>(
    build: (context: BindContext) => Built,
    access?: "read" | "name",
  ): Promise<{ built: Built; found: readonly FoundRelation[] }>;
  /** Looks up a relation to be changed and locks it; `undefined` when there is none. */
  target(name: readonly string[], mode: LockMode): Promise<RelationObject | undefined>;
  /** SET SESSION AUTHORIZATION; with `local` to the end of the transaction. */
  authorize(userOid: number, local: boolean): void;
  lock(key: LockKey, mode: LockMode): Promise<void>;
  /** Starts DuckDB's transaction, and with it the snapshot, unless it runs already. */
  begin(): Promise<void>;
  /** Writes changes of the catalogue as part of the transaction. */
  change(...objects: readonly CatalogueObject[]): Promise<void>;
  /** Relations whose rows the transaction has changed so far. */
  readonly changedRows: ReadonlySet<number>;
  /** To be called when rows of a relation change, for the materialized views over it. */
  rowsChanged(oid: number): void;
  /** To be called when a materialized view over tables has been refreshed, and nothing below it will change before the commit. */
  viewRefreshed(oid: number): void;
  /** Runs something when the transaction is committed, and not when it is undone. */
  afterCommit(run: () => void): void;
  /** To be called before rows of a materialized view are changed: what is kept over it is true no more. */
  changeStreamRows(oid: number): Promise<void>;
  drop(oid: number): Promise<void>;
  /** Whether the transaction has made, changed or dropped this object. */
  hasChanged(oid: number): boolean;
  /** Ends the open transaction in the middle of a statement, as TRUNCATE does, and begins another. */
  commit(): Promise<void>;
  /** Undoes the open transaction in the middle of a statement, and begins another. */
  rollback(): Promise<void>;
  /** Set for a statement of a procedure. */
  readonly frame: ProcedureFrame | undefined;
  /** The same context, with values for names as a procedure's variables have them. */
  withValues(variable: NonNullable<BindContext["variable"]>): StatementContext;
  /** The context of a statement of a procedure; `text` is what its places count in. */
  inside(frame: ProcedureFrame, text: string): StatementContext;
}

/** A statement of one kind. */
export type StatementOf<Kind extends Statement["kind"]> = Extract<Statement, { kind: Kind }>;
