import { StatementError } from "@millrace/warehouse";
import type { Cell, QueryResult, Warehouse } from "@millrace/warehouse";

/** How a call of the model is disturbed. */
export type Disturbance =
  /** The call never reached the warehouse. */
  | "not sent"
  /** It was carried out, and the answer was lost. */
  | "answer lost"
  /** The answer was lost, and the warehouse carries it out later: when somebody waits for the lock, or after a pause. */
  | "carried out later";

/** What a warehouse in the model remembers. */
interface State {
  readonly hasLedger: boolean;
  readonly rows: readonly (readonly [name: string, row: readonly string[]])[];
  readonly objects: readonly string[];
  /** Every statement of a migration file that was carried out and committed, in order. */
  readonly history: readonly string[];
}

/**
 * A warehouse that knows as much SQL as the runner's tests speak: the ledger's statements; `MAKE x`, which fails when x exists; `ADD x`, which may run
 * any number of times and is counted; `FAIL text`; and `SELECT 1 FROM catalogue WHERE object = 'x'`. Transactions are atomic and serial.
 */
export function openModel() {
  let state: State = { hasLedger: false, rows: [], objects: [], history: [] };
  const late: (() => void)[] = [];

  function transact(sqls: readonly string[]): Cell[][][] {
    const before = state;
    return sqls.map((sql, index) => {
      try {
        const { next, rows } = carryOut(state, sql);
        state = next;
        return rows;
      } catch (error) {
        state = before;
        const text = (error as Error).message;
        throw new StatementError(text, { statementId: "s", sql, status: "FAILED", statementIndex: index });
      }
    });
  }

  function finishLate() {
    for (const action of late.splice(0)) {
      try {
        action();
      } catch {
        // Nobody waits for its answer any more.
      }
    }
  }

  /** A client of the warehouse. `disturb` is asked at each call, by its number from 1; after a disturbance every call fails unless it `survives`. */
  function connect(
    options: {
      disturb?: (call: number) => Disturbance | undefined;
      survives?: boolean;
      pause?: () => Promise<void>;
    } = {},
  ) {
    let calls = 0;
    let isDead = false;
    async function call(sqls: readonly string[]): Promise<Cell[][][]> {
      await options.pause?.();
      if (isDead) throw new Error("connection refused");
      calls += 1;
      if (sqls[0]?.startsWith("LOCK")) finishLate();
      const disturbance = options.disturb?.(calls);
      if (!disturbance) return transact(sqls);
      isDead = !options.survives;
      if (disturbance === "carried out later") late.push(() => void transact(sqls));
      if (disturbance === "answer lost") transact(sqls);
      throw new Error("socket hang up");
    }
    const warehouse: Warehouse = {
      query: async (sql) => toResult((await call([sql]))[0] ?? []),
      execute: async (sql) => {
        await call([sql]);
        return { statementId: "statement-1", rows: 1 };
      },
      batch: async (sqls) => {
        if (sqls.length > 40) throw new Error("too many statements for one batch");
        return (await call(sqls)).map(toResult);
      },
    };
    return {
      warehouse,
      callCount: () => calls,
      delay: async () => {
        await options.pause?.();
        finishLate();
      },
    };
  }

  return { connect, state: () => state, finishLate };
}

function toResult(rows: Cell[][]): QueryResult {
  return { statementId: "statement-1", columns: [], rows };
}

function carryOut(state: State, sql: string): { next: State; rows: Cell[][] } {
  const done = (changes: Partial<State>, rows: Cell[][] = []) => ({ next: { ...state, ...changes }, rows });
  if (/^CREATE SCHEMA IF NOT EXISTS millrace$|^CREATE TABLE IF NOT EXISTS millrace\.ledger_lock/.test(sql))
    return done({});
  if (sql.startsWith("CREATE TABLE IF NOT EXISTS millrace.ledger (")) return done({ hasLedger: true });
  if (/millrace\.ledger/.test(sql) && !state.hasLedger) throw new Error('ERROR: schema "millrace" does not exist');
  if (sql === "LOCK TABLE millrace.ledger_lock") return done({});
  if (sql.includes("millrace.ledger")) return carryOutLedger(state, sql);

  const [, word = "", object = ""] = /^(MAKE|ADD|FAIL|SELECT) (.*)$/s.exec(sql) ?? [];
  const history = [...state.history, sql];
  if (word === "MAKE") {
    if (state.objects.includes(object)) throw new Error(`ERROR: relation "${object}" already exists`);
    return done({ objects: [...state.objects, object], history });
  }
  if (word === "ADD") return done({ history });
  const looked = /^1 FROM catalogue WHERE object = '(.*)'$/.exec(object)?.[1];
  if (word === "SELECT" && looked) return done({}, state.objects.includes(looked) ? [[1]] : []);
  throw new Error(`ERROR: syntax error at or near "${sql}"`);
}

function carryOutLedger(state: State, sql: string): { next: State; rows: Cell[][] } {
  const names = ["name", "kind", "checksum", "state", "used_values", "run_id", "applied_by"];
  const wanted = [...sql.matchAll(/(?:WHERE|AND) (\w+) = '([^']*)'/g)].map(([, column = "", value]) => ({
    at: names.indexOf(column),
    value,
  }));
  const matches = ([, row]: readonly [string, readonly string[]]) => wanted.every(({ at, value }) => row[at] === value);
  if (sql.startsWith("SELECT name"))
    return { next: state, rows: state.rows.filter(matches).map(([, row]) => [...row, "2026-11-21 10:00:00"]) };
  if (sql.startsWith("SELECT CAST")) {
    const expected = Number(/COUNT\(\*\) = (\d)/.exec(sql)?.[1]);
    if (state.rows.filter(matches).length !== expected)
      throw new Error("ERROR: Invalid digit, Value 'c', Pos 0, Type: Integer");
    return { next: state, rows: [[0]] };
  }
  if (sql.startsWith("DELETE"))
    return { next: { ...state, rows: state.rows.filter((row) => !matches(row)) }, rows: [] };
  if (sql.startsWith("UPDATE")) {
    const settle = (row: readonly string[]) =>
      row.map((cell, at) => (at === names.indexOf("state") ? "applied" : cell));
    return {
      next: { ...state, rows: state.rows.map((row) => (matches(row) ? [row[0], settle(row[1])] : row)) },
      rows: [],
    };
  }
  const values = [...(/VALUES \((.*), GETDATE\(\)\)$/s.exec(sql)?.[1] ?? "").matchAll(/'((?:[^']|'')*)'/g)].map(
    ([, value = ""]) => value,
  );
  return { next: { ...state, rows: [...state.rows, [values[0] ?? "", values]] }, rows: [] };
}
