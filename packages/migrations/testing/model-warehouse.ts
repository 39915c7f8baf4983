import { StatementError } from "@millrace/warehouse";
import type { Cell, QueryResult, SessionWarehouse, Warehouse } from "@millrace/warehouse";

/** How a call of the model is disturbed. */
export type Disturbance =
  /** The call never reached the warehouse. */
  | "not sent"
  /** It was carried out, and the answer was lost. */
  | "answer lost"
  /** The answer was lost, and the warehouse is still at it: it is carried out when time passes, unless its session is ended before. */
  | "carried out later";

/** A row of a table of the model, by column. */
type Row = Readonly<Record<string, string>>;

/** What a warehouse in the model remembers. */
interface State {
  readonly hasLedger: boolean;
  readonly ledger: readonly Row[];
  readonly holders: readonly Row[];
  readonly objects: readonly string[];
  /** Every statement of a migration file that was carried out and committed, in order. */
  readonly history: readonly string[];
}

interface Session {
  readonly pid: number;
  readonly startedAt: number;
  isEnded: boolean;
  /** The statement that it is at. */
  late: (() => void) | undefined;
}

/**
 * A warehouse that knows as much SQL as the runner's tests speak: the statements of ledger and lock; `MAKE x`, which fails when x exists; `ADD x`, which
 * may run any number of times and is counted; `FAIL text`; and `SELECT 1 FROM catalogue WHERE object = 'x'`. Transactions are atomic and serial. Time
 * passes when somebody waits.
 */
export function openModel() {
  let state: State = { hasLedger: false, ledger: [], holders: [], objects: [], history: [] };
  let now = 0;
  const sessions: Session[] = [];
  const orphans: (() => void)[] = [];

  function transact(sqls: readonly string[]): Cell[][][] {
    const before = state;
    return sqls.map((sql, index) => {
      try {
        const { next, rows } = carryOut(state, sql, now, sessions);
        state = next;
        return rows;
      } catch (error) {
        state = before;
        const text = (error as Error).message;
        throw new StatementError(text, { statementId: "s", sql, status: "FAILED", statementIndex: index });
      }
    });
  }

  /** Ends what the warehouse is still at. Nobody waits for the answers any more. */
  function finishLate() {
    const actions = [...orphans.splice(0), ...sessions.flatMap(({ late }) => late ?? [])];
    for (const session of sessions) session.late = undefined;
    for (const action of actions) {
      try {
        action();
      } catch {
        // Nobody is told.
      }
    }
  }

  function pass(ms: number) {
    now += ms;
    finishLate();
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
    async function call(sqls: readonly string[], session?: Session): Promise<Cell[][][]> {
      await options.pause?.();
      if (isDead) throw new Error("connection refused");
      calls += 1;
      if (session?.isEnded) throw refusal("Session is not available");
      if (session?.late) throw refusal("Session with Id: s is currently running a query");
      const disturbance = options.disturb?.(calls);
      if (!disturbance) return transact(sqls);
      isDead = !options.survives;
      if (disturbance === "carried out later" && session) session.late = () => void transact(sqls);
      else if (disturbance === "carried out later") orphans.push(() => void transact(sqls));
      if (disturbance === "answer lost") transact(sqls);
      throw new Error("socket hang up");
    }
    const on = (session?: Session): Warehouse => ({
      query: async (sql) => toResult((await call([sql], session))[0] ?? []),
      execute: async (sql) => {
        await call([sql], session);
        return { statementId: "statement-1", rows: 1 };
      },
      batch: async (sqls) => {
        if (sqls.length > 40) throw new Error("too many statements for one batch");
        return (await call(sqls, session)).map(toResult);
      },
    });
    const warehouse: SessionWarehouse = {
      ...on(),
      openSession: async () => {
        await call([]);
        const session = { pid: 1_000 + sessions.length, startedAt: now, isEnded: false, late: undefined };
        sessions.push(session);
        return { ...on(session), pid: session.pid };
      },
    };
    return {
      warehouse,
      callCount: () => calls,
      delay: async (ms: number) => {
        await options.pause?.();
        pass(ms);
      },
    };
  }

  return { connect, state: () => state, finishLate };
}

const refusal = (message: string) => Object.assign(new Error(message), { name: "ValidationException" });

function toResult(rows: Cell[][]): QueryResult {
  return { statementId: "statement-1", columns: [], rows };
}

interface Outcome {
  readonly next: State;
  readonly rows: Cell[][];
}

function carryOut(state: State, sql: string, now: number, sessions: readonly Session[]): Outcome {
  const done = (changes: Partial<State>, rows: Cell[][] = []) => ({ next: { ...state, ...changes }, rows });
  if (/^CREATE SCHEMA IF NOT EXISTS millrace$|^CREATE TABLE IF NOT EXISTS millrace\.ledger_(lock|holder)/.test(sql))
    return done({});
  if (sql.startsWith("CREATE TABLE IF NOT EXISTS millrace.ledger (")) return done({ hasLedger: true });
  if (/millrace\.ledger/.test(sql) && !state.hasLedger) throw new Error('ERROR: schema "millrace" does not exist');
  if (sql === "LOCK TABLE millrace.ledger_lock" || sql.startsWith("ALTER TABLE millrace.ledger")) return done({});
  if (sql.includes("millrace.ledger_holder")) return carryOutRows(state, "holders", sql, now);
  if (sql.includes("millrace.ledger")) return carryOutRows(state, "ledger", sql, now);
  const pid = Number(/session_id = (\d+)|^SELECT PG_TERMINATE_BACKEND\((\d+)\)$/.exec(sql)?.slice(1).find(Boolean));
  const session = sessions.find((one) => one.pid === pid);
  if (sql.includes("FROM sys_query_history")) return done({}, [[session?.late ? 1 : 0, null]]);
  if (sql.includes("FROM sys_session_history")) {
    const since = Number(/start_time <= '(\d+)'/.exec(sql)?.[1]);
    return done({}, session && !session.isEnded && session.startedAt <= since ? [[1]] : []);
  }
  if (sql.startsWith("SELECT PG_TERMINATE_BACKEND")) {
    if (session) Object.assign(session, { isEnded: true, late: undefined });
    return done({}, [[session ? 1 : 0]]);
  }

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

/** SELECT, INSERT, UPDATE and DELETE of one of the two tables, in the words of the runner. */
function carryOutRows(state: State, table: "ledger" | "holders", sql: string, now: number): Outcome {
  const read = (value: string) =>
    value === "GETDATE()" ? String(now) : value.replace(/^'|'$/g, "").replaceAll("''", "'");
  const pairs = (text: string) =>
    [...text.matchAll(/(\w+) = ('(?:[^']|'')*'|GETDATE\(\)|\w+)/g)].map(
      ([, name = "", value = ""]) => [name, read(value)] as const,
    );
  const [, head = "", condition = ""] = /^(.*?)(?: WHERE (.*))?$/s.exec(sql) ?? [];
  const wanted = pairs(condition);
  const matches = (row: Row) => wanted.every(([name, value]) => row[name] === value);
  const rows = state[table];
  const done = (next: readonly Row[], answer: Cell[][] = []) => ({ next: { ...state, [table]: next }, rows: answer });
  if (head.startsWith("SELECT CAST")) {
    const expected = Number(/COUNT\(\*\) = (\d)/.exec(head)?.[1]);
    if (rows.filter(matches).length !== expected)
      throw new Error("ERROR: Invalid digit, Value 'c', Pos 0, Type: Integer");
    return done(rows, [[0]]);
  }
  if (head.startsWith("SELECT")) {
    const names = (/^SELECT (.*) FROM/s.exec(head)?.[1] ?? "").split(/, (?![^(]*\))/);
    const cell = (row: Row, name: string) =>
      name.startsWith("DATEDIFF") ? now - Number(row["seen"]) : (row[name.replace(/::.*$/, "")] ?? null);
    return done(
      rows,
      rows.filter(matches).map((row) => names.map((name) => cell(row, name))),
    );
  }
  if (head.startsWith("DELETE")) return done(rows.filter((row) => !matches(row)));
  if (head.startsWith("UPDATE")) {
    const changes = Object.fromEntries(pairs(head.slice(head.indexOf(" SET ") + 5)));
    return done(rows.map((row) => (matches(row) ? { ...row, ...changes } : row)));
  }
  const [, names = "", values = ""] = /^INSERT INTO \S+ \((.*?)\) VALUES \((.*)\)$/s.exec(head) ?? [];
  const cells = [...values.matchAll(/'(?:[^']|'')*'|GETDATE\(\)|\w+/g)].map(([value]) => read(value));
  return done([...rows, Object.fromEntries(names.split(", ").map((name, at) => [name, cells[at] ?? ""]))]);
}
