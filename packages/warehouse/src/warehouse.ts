import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { readResult } from "./result.ts";
import type { QueryResult } from "./result.ts";
import { callWithRetry } from "./retry.ts";
import type { Call } from "./retry.ts";
import { settle } from "./settle.ts";
import type { Settled, SettleContext } from "./settle.ts";
import { submitBatch, submitStatement } from "./submit.ts";
import type { SubmitContext } from "./submit.ts";

/** What the warehouse needs of an AWS SDK client: `send`. */
export type WarehouseClient = Pick<RedshiftDataClient, "send">;

/** Where statements run, and as whom. */
export interface WarehouseTarget {
  /** Name of the Redshift Serverless workgroup (or its ARN). */
  readonly workgroupName: string;
  readonly database: string;
  /**
   * Full ARN of the Secrets Manager secret whose user runs the statements. Without it the service makes temporary credentials from the
   * caller's IAM identity, and each identity is another database user.
   */
  readonly secretArn?: string;
}

/** How `createWarehouse` talks to the service. */
export interface WarehouseOptions {
  readonly client: WarehouseClient;
  readonly target: WarehouseTarget;
  /** First pause between two looks at a statement, where the service does not hold the answer back by itself; doubles up to 1,000. Default 50, from 1. */
  readonly pollMs?: number;
  /** Most attempts of one call of the service while it is throttled or the network fails: an integer from 1, default 10. */
  readonly maxAttempts?: number;
  /** Waits `ms`; rejects when the signal is aborted. Default: a timer. */
  readonly delay?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** A number from 0 up to 1, for the jitter of pauses. Default `Math.random`. */
  readonly random?: () => number;
  /** A unique text of 1 to 64 characters: the ClientToken that makes a repeated call run once. Default: a random UUID. */
  readonly makeToken?: () => string;
}

/** Options of one statement. */
export interface StatementOptions {
  /** Aborting it cancels the statement on the server; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** StatementName, seen in ListStatements: at most 500 characters are of use. */
  readonly name?: string;
}

/** Options of one batch. */
export interface BatchOptions extends StatementOptions {
  /** `TRANSACTION` (default): all or nothing. `AUTO_COMMIT`: each commits by itself and later ones run after a failure. */
  readonly mode?: "TRANSACTION" | "AUTO_COMMIT";
  /** Values of `:name` in the statements; each must be used by at least one of them. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Options of a session. */
export interface SessionOptions extends StatementOptions {
  /** How long it lives without a statement, in seconds: 1 to 86,400 (the service's bounds), default 60. */
  readonly keepAliveSeconds?: number;
}

/** SQL on one database of a Redshift Serverless workgroup, through the Data API. */
export interface Warehouse {
  /**
   * Runs one statement and returns all its rows; a statement without a result gives no columns and no rows.
   * `parameters` replace `:name` (values only, never null or empty: the Data API has no form for either).
   * Throws `StatementError` when the SQL fails, and the SDK's own error when the service refuses the call.
   */
  query(sql: string, parameters?: Readonly<Record<string, string>>, options?: StatementOptions): Promise<QueryResult>;
  /** Runs one statement and returns how many rows it affected or found (-1: it counts none). Reads no result. Throws as `query` does. */
  execute(
    sql: string,
    parameters?: Readonly<Record<string, string>>,
    options?: StatementOptions,
  ): Promise<{ statementId: string; rows: number }>;
  /**
   * Runs 1 to 40 statements in order (the service's bound, BatchExecuteStatement) and returns one result for each.
   * Throws `StatementError` with `statementIndex` for the first that failed, in both modes.
   */
  batch(sqls: readonly string[], options?: BatchOptions): Promise<readonly QueryResult[]>;
}

/**
 * A warehouse all of whose statements run on one connection, one at a time: settings, temporary tables and the process id are kept between them.
 * It ends by itself when nothing ran for `keepAliveSeconds`, and after 24 hours (the service's bound); a later call throws the SDK's
 * ValidationException `Session is not available`.
 */
export interface WarehouseSession extends Warehouse {
  /** The connection's process id, as `PG_BACKEND_PID()` and `SYS_QUERY_HISTORY.session_id` have it. */
  readonly pid: number;
}

/** A warehouse that has sessions, too. */
export interface SessionWarehouse extends Warehouse {
  /** Opens a session. Throws as `query` does. */
  openSession(options?: SessionOptions): Promise<WarehouseSession>;
}

/**
 * Makes a warehouse from an SDK client. A statement is submitted once however often its call is repeated (ClientToken), waited for with the
 * service's long poll (and plain polling where the service answers at once), and cancelled when its signal is aborted.
 * Throws `TypeError` for options out of bounds.
 *
 * @example
 * ```ts
 * const warehouse = createWarehouse({ client: new RedshiftDataClient({ region }), target: { workgroupName, database, secretArn } });
 * const { rows } = await warehouse.query("SELECT event_name FROM public.activity WHERE user_id = :user", { user: "7" });
 * ```
 */
export function createWarehouse(options: WarehouseOptions): SessionWarehouse {
  const { client, target, pollMs = 50, maxAttempts = 10, random = Math.random, makeToken = randomUUID } = options;
  const delay = options.delay ?? ((ms, signal) => setTimeout(ms, undefined, signal ? { signal } : {}));
  for (const key of ["workgroupName", "database"] as const) {
    if (!target[key])
      throw new TypeError(`target.${key} must be a non-empty text, got ${JSON.stringify(target[key])} (warehouse)`);
  }
  if (target.secretArn === "")
    throw new TypeError("target.secretArn must be an ARN or absent, got an empty text (warehouse)");
  if (!(Number.isFinite(pollMs) && pollMs >= 1))
    throw new TypeError(`pollMs must be a number from 1, got ${pollMs} (warehouse)`);
  if (!(Number.isInteger(maxAttempts) && maxAttempts >= 1))
    throw new TypeError(`maxAttempts must be an integer from 1, got ${maxAttempts} (warehouse)`);

  const call: Call = (send, signal) => callWithRetry(send, { maxAttempts, delay, random, signal });
  const context: Context = { client, place: { target }, call, makeToken, delay, pollMs };
  return {
    ...statementsOf(context),
    openSession: async ({ keepAliveSeconds = 60, ...statementOptions } = {}) => {
      if (!(Number.isInteger(keepAliveSeconds) && keepAliveSeconds >= 1 && keepAliveSeconds <= 86_400))
        throw new TypeError(
          `keepAliveSeconds must be an integer from 1 to 86,400, got ${keepAliveSeconds} (warehouse)`,
        );
      return openSession(context, keepAliveSeconds, statementOptions);
    },
  };
}

interface Context extends SubmitContext, SettleContext {
  readonly client: WarehouseClient;
}

async function openSession(
  context: Context,
  keepAliveSeconds: number,
  options: StatementOptions,
): Promise<WarehouseSession> {
  const run = await runOne(context, "SELECT PG_BACKEND_PID()", {}, { ...options, keepAliveSeconds });
  const { rows } = await readOne(context, await settle(context, run), options.signal);
  const { sessionId } = run.submitted;
  if (sessionId === undefined)
    throw new Error("the Data API ran the first statement of a session and gave no id for it");
  return { ...statementsOf({ ...context, place: { sessionId } }), pid: Number(rows[0]?.[0]) };
}

function statementsOf(context: Context): Warehouse {
  return {
    async query(sql, parameters = {}, options = {}) {
      const settled = await settle(context, await runOne(context, sql, parameters, options));
      return readOne(context, settled, options.signal);
    },
    async execute(sql, parameters = {}, options = {}) {
      const run = await runOne(context, sql, parameters, options);
      const settled = await settle(context, { ...run, needsDescription: true });
      return { statementId: settled.id, rows: settled.resultRows };
    },
    async batch(sqls, { signal, name, mode = "TRANSACTION", parameters = {} } = {}) {
      if (sqls.length < 1 || sqls.length > 40)
        throw new TypeError(`a batch takes 1 to 40 statements, got ${sqls.length} (warehouse)`);
      signal?.throwIfAborted();
      const submitted = await submitBatch(context, { sqls, parameters, name, mode, signal });
      const settled = await settle(context, { submitted, sqls, signal, needsDescription: true });
      const results: QueryResult[] = [];
      for (const part of settled.parts) results.push(await readOne(context, part, signal));
      return results;
    },
  };
}

async function runOne(
  context: Context,
  sql: string,
  parameters: Readonly<Record<string, string>>,
  { signal, name, keepAliveSeconds }: SessionOptions,
) {
  signal?.throwIfAborted();
  const submitted = await submitStatement(context, { sql, parameters, name, signal, keepAliveSeconds });
  return { submitted, sqls: [sql], signal };
}

async function readOne(
  { client, call }: Context,
  settled: Settled,
  signal: AbortSignal | undefined,
): Promise<QueryResult> {
  if (!settled.hasResult) return { statementId: settled.id, columns: [], rows: [] };
  try {
    return await readResult({ client, call }, settled.id, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
