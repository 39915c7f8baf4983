import type { DuckDBConnection } from "@duckdb/node-api";
import type { BindContext, NameSettings } from "../sql/bind-context.ts";
import type { Statement } from "../sql/tree.ts";
import type { Catalogue } from "./catalogue.ts";
import type { CatalogueObject, RelationObject, TableObject } from "./catalogue-object.ts";
import type { DatabaseCore } from "./database-core.ts";
import type { DatabaseUser } from "./database.ts";
import type { LockKey, LockMode } from "./locks.ts";
import type { FoundRelation } from "./relation-lookup.ts";
import type { SessionSettings } from "./session-settings.ts";

/** What the session offers to the code of one statement. */
export interface StatementContext {
  readonly database: DatabaseCore;
  readonly user: DatabaseUser;
  readonly pid: number;
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
  /**
   * Binds with share locks on all that is read. When a lock had to be waited for, `build` runs again on what is there then.
   */
  prepare<Built>(build: (context: BindContext) => Built): Promise<{ built: Built; found: readonly FoundRelation[] }>;
  /** Looks up a relation to be changed and locks it; `undefined` when there is none. */
  target(name: readonly string[], mode: LockMode): Promise<RelationObject | undefined>;
  lock(key: LockKey, mode: LockMode): Promise<void>;
  /** Starts DuckDB's transaction, and with it the snapshot, unless it runs already. */
  begin(): Promise<void>;
  /** Writes changes of the catalogue as part of the transaction. */
  change(...objects: readonly CatalogueObject[]): Promise<void>;
  /** To be called before rows of a materialized view are changed: what is kept over it is true no more. */
  changeStreamRows(oid: number): Promise<void>;
  drop(oid: number): Promise<void>;
  /** Ends the open transaction in the middle of a statement, as TRUNCATE does. */
  commit(): Promise<void>;
}

/** A statement of one kind. */
export type StatementOf<Kind extends Statement["kind"]> = Extract<Statement, { kind: Kind }>;
