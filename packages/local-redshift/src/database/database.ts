import { DatabaseCore } from "./database-core.ts";
import { describeTable, listSchemas, listTables } from "./listing.ts";
import type { StreamReader } from "./streaming/stream-reader.ts";

export type { StreamReader };

/** How to open a database; see {@link openDatabase}. */
export interface DatabaseSettings {
  /** Path of the DuckDB file that holds the database, made when missing; or `:memory:`. */
  readonly file: string;
  readonly databaseName: string;
  /** Folder that copies may be written to; default none. */
  readonly copyDirectory?: string;
  /** Where streaming views read. */
  readonly streams: StreamReader;
  /** Whether the role may be used here: true for the roles attached to the namespace. */
  isRoleAttached(roleArn: string): boolean;
  /** The role that `IAM_ROLE default` stands for. */
  defaultRoleArn(): string | undefined;
  readonly region: string;
  /** The workgroup's parameters, of which sessions start with those that are settings; default none. */
  configParameters?(): Readonly<Record<string, string>>;
  /** Epoch milliseconds; default the system's clock. */
  readonly now?: () => number;
  /** How long an automatic refresh waits after an append, in milliseconds; default 0, as fast as it can. AWS takes seconds. */
  readonly refreshDelayMs?: number;
  /** A refresh of so many records reads the next ones while it stores them; default 4,000. */
  readonly readAheadRecords?: number;
  readonly log?: (line: string) => void;
  /** What a streaming view has to have read, in bytes, before paths that queries ask for are shredded; default 8 MiB. */
  readonly shredFromBytes?: number;
}

/** One open database. */
export interface Database {
  /**
   * Opens a session of its own, with its own transaction and settings. A user who is not there yet is made, without a password, as an IAM
   * identity is at its first connection. Throws when the user has as many sessions as it may have.
   */
  connect(user: DatabaseUser): Promise<DatabaseSession>;
  /** Whether there is such a user with this password, still valid. */
  isPassword(userName: string, password: string): boolean;
  /** Writes what is committed into a new file below the `copyDirectory`, while sessions and refreshes go on. */
  copyTo(file: string): Promise<void>;
  /** Stops refreshing, ends every session and closes the file. */
  close(): Promise<void>;
  /** Schema names, in order. */
  listSchemas(): Promise<string[]>;
  /** Tables and views of every schema, in order. */
  listTables(): Promise<TableEntry[]>;
  /** The columns of one table or view; empty when there is none of that name. */
  describeTable(schema: string, table: string): Promise<Column[]>;
}

/** Who a session belongs to. */
export interface DatabaseUser {
  /** As the catalogue has it: in lower case, unless it was made in quotes. */
  readonly name: string;
  /** True makes the user a superuser, as the namespace's admin is; false leaves the user what the catalogue says. */
  readonly superuser: boolean;
}

/** A table or view as the Data API lists it. */
export interface TableEntry {
  readonly schema: string;
  readonly name: string;
  readonly type: "TABLE" | "VIEW" | "MATERIALIZED VIEW" | "EXTERNAL TABLE";
}

/** One session: statements run one after another, BEGIN/COMMIT/ROLLBACK and SET keep their effect. */
export interface DatabaseSession {
  /** A number of the session, as Redshift's process id. */
  readonly pid: number;
  /**
   * Runs exactly one statement; a trailing `;` is fine. Parameters stand for values written `:name`.
   * Throws `SqlError` (src/sql/sql-error.ts) for all that is wrong with the statement, also when `signal` ends it.
   */
  execute(sql: string, parameters?: readonly StatementParameter[], signal?: AbortSignal): Promise<StatementResult>;
  /** Ends a statement that runs, rolls back what is open and gives back locks. */
  close(): Promise<void>;
  /** Whether it was closed: by its owner, or by another session's PG_TERMINATE_BACKEND. */
  readonly isClosed: boolean;
}

/** A value for `:name` in a statement. */
export interface StatementParameter {
  readonly name: string;
  readonly value: string;
}

/** What a statement gave. */
export interface StatementResult {
  /** `undefined` means the statement has no result set. */
  readonly columns: readonly Column[] | undefined;
  readonly rows: readonly (readonly CellValue[])[];
  /** Rows affected, or rows of the result; -1 for neither. */
  readonly rowCount: number;
  /** First words of the statement: `SELECT`, `INSERT`, `CREATE VIEW` … */
  readonly kind: string;
}

/** A column of a result or of a table. */
export interface Column {
  readonly name: string;
  /** Redshift's name: int2 int4 int8 float4 float8 numeric bool varchar bpchar timestamp timestamptz date time varbyte super. */
  readonly typeName: string;
  readonly precision: number;
  readonly scale: number;
  readonly length: number;
  readonly nullable: boolean;
  readonly schemaName: string;
  readonly tableName: string;
  readonly label: string;
}

/**
 * A cell: int8 as bigint, decimals as text, timestamps as `2022-02-22 00:00:00.0`, SUPER as JSON text (strings with their quotes),
 * VARBYTE as lower-case hexadecimal text.
 */
export type CellValue = null | boolean | number | bigint | string;

/**
 * Opens a database kept in one DuckDB file, and starts refreshing its streaming views.
 * Throws when the file is in use by another process or is not a database.
 */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  const core = await DatabaseCore.open(settings);
  return {
    connect: (user) => core.connect(user),
    isPassword: (userName, password) => core.isPassword(userName, password),
    copyTo: (file) => core.copyTo(file),
    close: () => core.close(),
    listSchemas: () => Promise.resolve(listSchemas(core.catalogue)),
    listTables: () => Promise.resolve(listTables(core.catalogue)),
    describeTable: (schema, table) => Promise.resolve(describeTable(core.catalogue, schema, table)),
  };
}
