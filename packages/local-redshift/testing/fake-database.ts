import { writeFile } from "node:fs/promises";
import type {
  Column,
  Database,
  DatabaseSettings,
  DatabaseUser,
  StatementParameter,
  StatementResult,
  TableEntry,
} from "../src/database/database.ts";
import { SqlError } from "../src/sql/sql-error.ts";

/** One statement as a fake database met it. */
export interface Execution {
  readonly pid: number;
  readonly user: DatabaseUser;
  readonly sql: string;
  readonly parameters: readonly StatementParameter[] | undefined;
}

/** A database without an engine: tests say what a statement gives, and see what was run. */
export interface FakeDatabases {
  open(settings: DatabaseSettings): Promise<Database>;
  readonly opened: DatabaseSettings[];
  readonly executions: Execution[];
  /** Answers statements with exactly this text. */
  answer(
    sql: string,
    act: (execution: Execution, signal?: AbortSignal) => StatementResult | Promise<StatementResult>,
  ): void;
  readonly tables: Map<TableEntry, Column[]>;
  readonly openSessionCount: number;
  readonly openDatabaseCount: number;
}

/** A column of a result or a table. */
export function column(name: string, typeName: string, rest: Partial<Column> = {}): Column {
  return {
    name,
    typeName,
    precision: 0,
    scale: 0,
    length: 0,
    nullable: true,
    schemaName: "",
    tableName: "",
    label: name,
    ...rest,
  };
}

/** A result with rows. */
export function rowsOf(columns: readonly Column[], rows: StatementResult["rows"]): StatementResult {
  return { columns, rows, rowCount: rows.length, kind: "SELECT" };
}

/** Makes databases that answer every statement that has no answer of its own as one without a result set. */
export function createFakeDatabases(): FakeDatabases {
  const answers = new Map<
    string,
    (execution: Execution, signal?: AbortSignal) => StatementResult | Promise<StatementResult>
  >();
  const executions: Execution[] = [];
  const opened: DatabaseSettings[] = [];
  const tables = new Map<TableEntry, Column[]>();
  let lastPid = 1000;
  let openSessionCount = 0;
  let openDatabaseCount = 0;

  return {
    executions,
    opened,
    tables,
    get openSessionCount() {
      return openSessionCount;
    },
    get openDatabaseCount() {
      return openDatabaseCount;
    },
    answer: (sql, act) => void answers.set(sql, act),
    open(settings) {
      opened.push(settings);
      openDatabaseCount += 1;
      return Promise.resolve({
        connect(user) {
          const pid = ++lastPid;
          openSessionCount += 1;
          let isClosed = false;
          return Promise.resolve({
            pid,
            get isClosed() {
              return isClosed;
            },
            async execute(sql: string, parameters?: readonly StatementParameter[], signal?: AbortSignal) {
              const execution = { pid, user, sql, parameters };
              executions.push(execution);
              const act = answers.get(sql);
              if (sql.startsWith("bad")) throw new SqlError(`syntax error at or near "${sql}"`, { position: 1 });
              if (act) return act(execution, signal);
              return { columns: undefined, rows: [], rowCount: -1, kind: "" };
            },
            close() {
              isClosed = true;
              openSessionCount -= 1;
              return Promise.resolve();
            },
          });
        },
        isPassword: () => false,
        copyTo: (file) => writeFile(file, ""),
        close() {
          openDatabaseCount -= 1;
          return Promise.resolve();
        },
        listSchemas: () => Promise.resolve(["millrace", "pg_catalog", "public"]),
        listTables: () => Promise.resolve([...tables.keys()]),
        describeTable: (schema, name) =>
          Promise.resolve([...tables].find(([entry]) => entry.schema === schema && entry.name === name)?.[1] ?? []),
      });
    },
  };
}

/** A statement that runs until it is cancelled, as a real one that the engine interrupts. */
export function runUntilCancelled(_execution: Execution, signal?: AbortSignal): Promise<StatementResult> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(new SqlError("Query (12) cancelled on user's request"));
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
  });
}
