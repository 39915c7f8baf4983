import { CancelStatementCommand, DescribeStatementCommand } from "@aws-sdk/client-redshift-data";
import type { DescribeStatementCommandOutput } from "@aws-sdk/client-redshift-data";
import type { Call } from "./retry.ts";
import { StatementError } from "./statement-error.ts";
import type { Submitted } from "./submit.ts";
import type { WarehouseClient } from "./warehouse.ts";

/** Seconds that one look at a statement may take. Bounds 1 to 30: Data API, WaitTimeSeconds. */
const describeWaitSeconds = 20;
const maxPollMs = 1_000;
const endStatuses = new Set(["FINISHED", "FAILED", "ABORTED"]);

export interface SettleContext {
  readonly client: WarehouseClient;
  readonly call: Call;
  readonly delay: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  readonly pollMs: number;
}

/** A statement that finished. */
export interface Settled {
  readonly id: string;
  readonly hasResult: boolean;
  /** Rows affected or found; -1 where the service counts none or was not asked. */
  readonly resultRows: number;
}

/**
 * Waits until a statement ends, and throws `StatementError` unless it ended well. When the signal is aborted the statement is cancelled
 * first. With `needsDescription` the row counts and the parts of a batch are there even if the submission already told the end.
 */
export async function settle(
  context: SettleContext,
  run: { submitted: Submitted; sqls: readonly string[]; signal?: AbortSignal | undefined; needsDescription?: boolean },
): Promise<Settled & { readonly parts: readonly Settled[] }> {
  const { submitted, sqls, signal } = run;
  if (submitted.status === "FINISHED" && submitted.hasResult !== undefined && !run.needsDescription) {
    return { id: submitted.id, hasResult: submitted.hasResult, resultRows: -1, parts: [] };
  }
  const description = await describeUntilEnd(context, submitted.id, signal);
  if (description.Status !== "FINISHED") throw toStatementError(description, submitted.id, sqls);
  return {
    id: submitted.id,
    hasResult: description.HasResultSet ?? false,
    resultRows: Number(description.ResultRows ?? -1),
    parts: (description.SubStatements ?? []).map((part, index) => ({
      id: part.Id ?? `${submitted.id}:${index + 1}`,
      hasResult: part.HasResultSet ?? false,
      resultRows: Number(part.ResultRows ?? -1),
    })),
  };
}

async function describeUntilEnd(
  { client, call, delay, pollMs }: SettleContext,
  id: string,
  signal: AbortSignal | undefined,
): Promise<DescribeStatementCommandOutput> {
  let mayHold = true;
  let pauseMs = pollMs;
  try {
    for (;;) {
      signal?.throwIfAborted();
      try {
        const input = { Id: id, ...(mayHold && { WaitTimeSeconds: describeWaitSeconds }) };
        const sendOptions = signal ? { abortSignal: signal } : {};
        const description = await call(() => client.send(new DescribeStatementCommand(input), sendOptions), signal);
        if (endStatuses.has(description.Status ?? "")) return description;
      } catch (error) {
        // The service holds back only so many answers for one statement; it is still there to be asked without.
        if (!(error instanceof Error) || error.name !== "ActiveWaitingRequestsExceededException") throw error;
        mayHold = false;
      }
      // After a held answer this is nothing; where the service answers at once it is the poll's pace.
      await delay(pauseMs, signal);
      pauseMs = Math.min(maxPollMs, pauseMs * 2);
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
    await cancel(client, call, id);
    throw signal.reason;
  }
}

/** A statement that ended meanwhile cannot be cancelled: the service refuses (ValidationException), which is as good. */
async function cancel(client: WarehouseClient, call: Call, id: string): Promise<void> {
  await call(() => client.send(new CancelStatementCommand({ Id: id }))).catch(() => undefined);
}

function toStatementError(
  description: DescribeStatementCommandOutput,
  id: string,
  sqls: readonly string[],
): StatementError {
  const parts = description.SubStatements ?? [];
  const failed = parts.findIndex((part) => part.Status === "FAILED");
  const part = parts[failed];
  const status = description.Status === "ABORTED" ? "ABORTED" : "FAILED";
  const text = part?.Error || description.Error || `the statement ended as ${status} and the service gave no reason`;
  const index = part ? failed : undefined;
  return new StatementError(text, { statementId: id, sql: sqls[index ?? 0] ?? "", status, statementIndex: index });
}
