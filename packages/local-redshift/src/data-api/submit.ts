import { randomUUID } from "node:crypto";
import type { WireRequest } from "@millrace/local-wire";
import type { Shape } from "../operations/input-shape.ts";
import type { DataApiContext } from "./context.ts";
import { validation } from "./errors.ts";
import { shareParameters } from "./parameters.ts";
import type { ResultFormat } from "./result-pages.ts";
import { runStatement } from "./run.ts";
import type { Session } from "./sessions.ts";
import { createStatement, type ExecutionMode, hasResultSet, type Statement } from "./statement.ts";
import { findWarehouse, resolveTarget, type TargetInput } from "./target.ts";
import { waitForStatement, waitTimeSeconds } from "./wait.ts";

/** The members that say where to run and as whom. Source: the service model of redshift-data. */
export const targetMembers = {
  ClusterIdentifier: { type: "string", minLength: 1, maxLength: 63 },
  WorkgroupName: {
    type: "string",
    minLength: 3,
    maxLength: 128,
    pattern:
      /^(([a-z0-9-]{3,63})|(arn:(aws(-[a-z]+)*):redshift-serverless:[a-z]{2}(-gov|-iso[a-z]*)?-[a-z]+-\d{1}:\d{12}:workgroup\/[a-z0-9-]+))$/,
  },
  SecretArn: { type: "string" },
  DbUser: { type: "string" },
  Database: { type: "string" },
} as const satisfies Shape;

/** The members that ExecuteStatement and BatchExecuteStatement share. */
export const submitMembers = {
  ...targetMembers,
  WithEvent: { type: "boolean" },
  StatementName: { type: "string", maxLength: 2048 },
  Parameters: {
    type: "list",
    minLength: 1,
    member: {
      type: "structure",
      members: {
        name: { type: "string", required: true, pattern: /^[0-9a-zA-Z_]+$/ },
        value: { type: "string", required: true, minLength: 1 },
      },
    },
  },
  ClientToken: { type: "string", minLength: 1, maxLength: 64 },
  ResultFormat: { type: "string", values: ["JSON", "CSV"] },
  SessionKeepAliveSeconds: { type: "integer", min: 0, max: 86_400 },
  SessionId: { type: "string", pattern: /^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d{0,2})?$/ },
  WaitTimeSeconds: waitTimeSeconds,
} as const satisfies Shape;

interface SubmitInput extends TargetInput {
  readonly WithEvent?: boolean;
  readonly StatementName?: string;
  readonly Parameters?: readonly { readonly name: string; readonly value: string }[];
  readonly ClientToken?: string;
  readonly ResultFormat?: ResultFormat;
  readonly SessionKeepAliveSeconds?: number;
  readonly SessionId?: string;
  readonly WaitTimeSeconds?: number;
}

/**
 * Takes SQL and starts it at once; answers as soon as it is on its way, or with `WaitTimeSeconds` when it has settled.
 * Nothing that is wrong with the SQL makes this fail.
 */
export async function submit(
  context: DataApiContext,
  input: SubmitInput,
  work: { readonly sqls: readonly string[]; readonly isBatch: boolean; readonly executionMode: ExecutionMode },
  request: WireRequest,
): Promise<Record<string, unknown>> {
  const statement = await context.tokens.once(input.ClientToken, () => start(context, input, work));
  const { login } = statement;
  await waitForStatement(statement, {
    seconds: input.WaitTimeSeconds,
    signal: request.signal,
    limits: context.limits,
  });
  return {
    Id: statement.id,
    CreatedAt: new Date(statement.createdAt),
    Database: login.database,
    DbUser: login.dbUser,
    SecretArn: login.secretArn,
    WorkgroupName: login.workgroupName,
    SessionId: statement.sessionId,
    ...(input.WaitTimeSeconds === undefined
      ? {}
      : { Status: statement.status, HasResultSet: hasResultSet(statement), RedshiftPid: statement.pid }),
  };
}

async function start(
  context: DataApiContext,
  input: SubmitInput,
  { sqls, isBatch, executionMode }: Parameters<typeof submit>[2],
): Promise<Statement> {
  for (const sql of sqls) checkSql(sql, context.limits.maxSqlBytes);
  const partParameters = shareParameters(sqls, input.Parameters);
  const id = randomUUID();
  const session = await findSession(context, input, id);
  try {
    const login = session?.login ?? (await resolveTarget(context.warehouses, input));
    const statement = createStatement({
      id,
      queryId: isBatch ? 0 : context.nextQueryId(),
      login,
      sqls,
      partParameters,
      isBatch,
      executionMode,
      statementName: input.StatementName,
      parameters: input.Parameters,
      resultFormat: input.ResultFormat ?? "JSON",
      withEvent: input.WithEvent ?? false,
      sessionId: session?.id,
      createdAt: context.now(),
    });
    context.statements.add(statement);
    context.track(runStatement(context, statement, session));
    return statement;
  } catch (error) {
    if (session) await context.sessions.close(session);
    throw error;
  }
}

async function findSession(
  context: DataApiContext,
  input: SubmitInput,
  statementId: string,
): Promise<Session | undefined> {
  const { SessionId: sessionId, SessionKeepAliveSeconds: keepAliveSeconds } = input;
  if (sessionId === undefined) {
    if (keepAliveSeconds === undefined) return undefined;
    return context.sessions.open(await resolveTarget(context.warehouses, input), keepAliveSeconds, statementId);
  }
  const named = (["WorkgroupName", "ClusterIdentifier", "Database", "DbUser", "SecretArn"] as const).find(
    (member) => input[member] !== undefined,
  );
  // UNCONFIRMED text: a session stands for where and as whom.
  if (named) throw validation(`${named} can't be specified with SessionId.`);
  const session = context.sessions.take(sessionId, statementId, keepAliveSeconds);
  try {
    findWarehouse(context.warehouses, { WorkgroupName: session.login.warehouse.workgroupName });
  } catch (error) {
    await context.sessions.close(session);
    throw error;
  }
  return session;
}

function checkSql(sql: string, maxSqlBytes: number): void {
  // UNCONFIRMED texts: the model has no bounds for Sql, the service has.
  if (sql.trim() === "") throw validation("Sql must not be empty.");
  const bytes = Buffer.byteLength(sql);
  if (bytes > maxSqlBytes) {
    throw validation(`Sql must have at most ${maxSqlBytes} bytes, got ${bytes}.`);
  }
}
