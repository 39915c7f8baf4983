import { BatchExecuteStatementCommand, ExecuteStatementCommand } from "@aws-sdk/client-redshift-data";
import type { Call } from "./retry.ts";
import type { WarehouseClient, WarehouseTarget } from "./warehouse.ts";

/**
 * Seconds that the service may hold back the answer to a submission. Short, because an abort waits for that answer: only it has the id
 * that CancelStatement needs. Bounds 1 to 30: Data API, WaitTimeSeconds.
 */
const submitWaitSeconds = 2;

/** Where a statement runs: on a connection of its own, or on a session's. */
export type Place = { readonly target: WarehouseTarget } | { readonly sessionId: string };

export interface SubmitContext {
  readonly client: WarehouseClient;
  readonly place: Place;
  readonly call: Call;
  readonly makeToken: () => string;
}

/** A statement that the service took; `status` and `hasResult` only where it waited and told. */
export interface Submitted {
  readonly id: string;
  readonly status: string | undefined;
  readonly hasResult: boolean | undefined;
  /** The session that it opened or runs in. */
  readonly sessionId: string | undefined;
}

export async function submitStatement(
  context: SubmitContext,
  request: {
    sql: string;
    parameters: Readonly<Record<string, string>>;
    name: string | undefined;
    signal: AbortSignal | undefined;
    /** Makes it the first statement of a session that lives so long after it. */
    keepAliveSeconds: number | undefined;
  },
): Promise<Submitted> {
  const { sql, keepAliveSeconds } = request;
  const session = keepAliveSeconds === undefined ? {} : { SessionKeepAliveSeconds: keepAliveSeconds };
  return submit(context, request, (common) => new ExecuteStatementCommand({ ...common, ...session, Sql: sql }));
}

export async function submitBatch(
  context: SubmitContext,
  request: {
    sqls: readonly string[];
    parameters: Readonly<Record<string, string>>;
    name: string | undefined;
    signal: AbortSignal | undefined;
    mode: "TRANSACTION" | "AUTO_COMMIT";
  },
): Promise<Submitted> {
  return submit(
    context,
    request,
    (common) => new BatchExecuteStatementCommand({ ...common, Sqls: [...request.sqls], ExecutionMode: request.mode }),
  );
}

/** The token is made once: each repetition carries it, so the service runs the statement once (a token lasts 8 hours). */
async function submit(
  { client, place, call, makeToken }: SubmitContext,
  request: { parameters: Readonly<Record<string, string>>; name: string | undefined; signal: AbortSignal | undefined },
  makeCommand: (common: CommonInput) => ExecuteStatementCommand | BatchExecuteStatementCommand,
): Promise<Submitted> {
  const parameters = toParameters(request.parameters);
  const command = makeCommand({
    ...inputOf(place),
    ...(parameters.length > 0 && { Parameters: parameters }),
    ...(request.name && { StatementName: request.name }),
    ClientToken: makeToken(),
    WaitTimeSeconds: submitWaitSeconds,
  });
  // The signal ends the pauses between attempts, never an attempt: its answer has the id by which the statement is cancelled.
  const answer = await call(() => client.send(command as ExecuteStatementCommand), request.signal);
  if (!answer.Id) throw new Error("the Data API took a statement and gave no id for it");
  return { id: answer.Id, status: answer.Status, hasResult: answer.HasResultSet, sessionId: answer.SessionId };
}

/** A session keeps workgroup, database and user of its first statement. */
function inputOf(place: Place): Pick<CommonInput, "WorkgroupName" | "Database" | "SecretArn" | "SessionId"> {
  if ("sessionId" in place) return { SessionId: place.sessionId };
  const { workgroupName, database, secretArn } = place.target;
  return { WorkgroupName: workgroupName, Database: database, ...(secretArn && { SecretArn: secretArn }) };
}

interface CommonInput {
  WorkgroupName?: string;
  Database?: string;
  SecretArn?: string;
  SessionId?: string;
  Parameters?: { name: string; value: string }[];
  StatementName?: string;
  ClientToken: string;
  WaitTimeSeconds: number;
}

function toParameters(parameters: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(parameters).map(([name, value]) => {
    if (!/^[0-9a-zA-Z_]+$/.test(name))
      throw new TypeError(`parameter names have letters, digits and _ only, got ${JSON.stringify(name)}`);
    if (typeof value !== "string" || value === "") {
      throw new TypeError(
        `parameter ${name} must be a non-empty text: the Data API has neither null nor empty values; write NULL or '' in the SQL`,
      );
    }
    return { name, value };
  });
}
