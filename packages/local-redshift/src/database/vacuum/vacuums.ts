import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { quoteText } from "../../sql/bound.ts";
import { storageName } from "../catalogue-object.ts";
import { compact, inTransaction, readRows } from "../duck.ts";

/** A table that VACUUM is about. */
export interface VacuumTarget {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  readonly temporary?: boolean;
}

/** What VACUUM did to a table, for SYS_VACUUM_HISTORY. */
export interface VacuumRun {
  readonly userId: number;
  readonly transactionId: number;
  readonly queryId: number;
  readonly table: VacuumTarget;
  /** Source of the words: Database Developer Guide, SYS_VACUUM_HISTORY. */
  readonly type: "Full" | "Sort" | "Delete" | "Reindex" | "Recluster";
  readonly status: "Initialize" | "Complete" | "Skipped" | "Failed";
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Rows that DuckDB keeps, deleted ones among them, and how many of them are deleted. */
  readonly rowsBefore: number;
  readonly deletedRows: number;
  readonly reclaimedRows: number;
}

/** Rows of a table as DuckDB keeps them: all, and how many of them are deleted. */
export type StoredRows = Pick<VacuumRun, "rowsBefore" | "deletedRows">;

/** How many runs are kept. */
const keptRuns = 1_000;

/**
 * Sweeps deleted rows out of the file, and keeps what that did. The history is in the file, since DuckDB compacts only a database that has
 * something to write.
 */
export class Vacuums {
  readonly #duck: DuckDBInstance;
  readonly #now: () => number;
  #runs: readonly VacuumRun[] = [];

  constructor(duck: DuckDBInstance, now: () => number) {
    this.#duck = duck;
    this.#now = now;
  }

  /** Makes the table in the file and reads it; a run that its process did not end has failed. To be called once, when it is opened. */
  async load(connection: DuckDBConnection): Promise<void> {
    await connection.run("CREATE TABLE IF NOT EXISTS main.vacuum_history (run VARCHAR NOT NULL)");
    const rows = await readRows(connection, "SELECT run FROM main.vacuum_history");
    const runs = rows.map(([text]) => JSON.parse(text as string) as VacuumRun);
    this.#runs = runs.toSorted((a, b) => a.startedAt - b.startedAt);
    const unended = this.#runs.filter(({ status }) => status === "Initialize");
    if (unended.length > 0) await this.#keep(connection, unended, failed(unended));
  }

  /** The latest runs, oldest first. */
  get runs(): readonly VacuumRun[] {
    return this.#runs;
  }

  /** Notes runs that have nothing to do. */
  async skip(runs: readonly VacuumRun[]): Promise<void> {
    await this.#connected((connection) => this.#keep(connection, [], runs));
  }

  /** Compacts the tables of the database, and keeps what came of it for those that were asked for. */
  async run(runs: readonly VacuumRun[]): Promise<void> {
    await this.#connected(async (connection) => {
      await this.#keep(connection, [], runs);
      const ended: VacuumRun[] = [];
      try {
        await compact(connection);
        for (const run of runs) {
          const { rowsBefore } = await storedRows(connection, run.table);
          const reclaimedRows = Math.max(0, run.rowsBefore - rowsBefore);
          ended.push({ ...run, status: "Complete", reclaimedRows, endedAt: this.#now() });
        }
      } catch (error) {
        await this.#keep(connection, runs, failed(runs, this.#now()));
        throw error;
      }
      await this.#keep(connection, runs, ended);
    });
  }

  /** What DuckDB keeps of a table now. */
  measure(table: VacuumTarget): Promise<StoredRows> {
    return this.#connected((connection) => storedRows(connection, table));
  }

  async #keep(connection: DuckDBConnection, instead: readonly VacuumRun[], runs: readonly VacuumRun[]): Promise<void> {
    const all = [...this.#runs.filter((run) => !instead.includes(run)), ...runs].slice(-keptRuns);
    const gone = this.#runs.filter((run) => !all.includes(run));
    const text = (run: VacuumRun) => quoteText(JSON.stringify(run));
    await inTransaction(connection, async () => {
      if (gone.length > 0) await connection.run(`DELETE FROM main.vacuum_history WHERE run IN (${gone.map(text)})`);
      if (runs.length > 0)
        await connection.run(
          `INSERT INTO main.vacuum_history VALUES ${runs.map((run) => `(${text(run)})`).join(", ")}`,
        );
    });
    this.#runs = all;
  }

  async #connected<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    const connection = await this.#duck.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  }
}

/** Runs that ended with an error, or, without a time, with their process. */
const failed = (runs: readonly VacuumRun[], endedAt?: number): readonly VacuumRun[] =>
  runs.map((run) => ({ ...run, status: "Failed", ...(endedAt === undefined ? {} : { endedAt }) }));

async function storedRows(connection: DuckDBConnection, table: VacuumTarget): Promise<StoredRows> {
  // Another session's temporary table cannot be read; nothing is swept out of it either.
  if (table.temporary === true) return { rowsBefore: 0, deletedRows: 0 };
  const stored = `(SELECT estimated_size FROM duckdb_tables() WHERE table_name = 't${table.oid}')`;
  const [[all, live] = []] = await readRows(
    connection,
    `SELECT ${stored}, (SELECT count(*) FROM ${storageName(table)})`,
  );
  const rowsBefore = Number(all);
  return { rowsBefore, deletedRows: Math.max(0, rowsBefore - Number(live)) };
}
