import { once } from "node:events";
import { WireError, type WireService } from "@millrace/local-wire";
import { createService, type Operation } from "../operations/operation.ts";
import { createClientTokens } from "./client-tokens.ts";
import type { DataApiContext } from "./context.ts";
import { defaultLimits, type DataApiLimits } from "./limits.ts";
import { batchExecuteStatement } from "./operations/batch-execute-statement.ts";
import { cancelStatement } from "./operations/cancel-statement.ts";
import { describeStatement } from "./operations/describe-statement.ts";
import { describeTable } from "./operations/describe-table.ts";
import { executeStatement } from "./operations/execute-statement.ts";
import { getStatementResult } from "./operations/get-statement-result.ts";
import { getStatementResultV2 } from "./operations/get-statement-result-v2.ts";
import { listDatabases } from "./operations/list-databases.ts";
import { listSchemas } from "./operations/list-schemas.ts";
import { listSessions } from "./operations/list-sessions.ts";
import { listStatements } from "./operations/list-statements.ts";
import { listTables } from "./operations/list-tables.ts";
import { createRateCheck } from "./request-rates.ts";
import { openResultStore } from "./result-store.ts";
import type { StatementEvent } from "./run.ts";
import { createSessionStore } from "./sessions.ts";
import { isSettled } from "./statement.ts";
import { createStatementStore } from "./statement-store.ts";
import type { Warehouses } from "./target.ts";

/** How long statements may take to end when the Data API closes. */
const closePatienceMs = 5_000;

/** The operations of the Data API, by name: all that the client has. */
export const dataApiOperations: Readonly<Record<string, Operation<DataApiContext>>> = {
  BatchExecuteStatement: batchExecuteStatement,
  CancelStatement: cancelStatement,
  DescribeStatement: describeStatement,
  DescribeTable: describeTable,
  ExecuteStatement: executeStatement,
  GetStatementResult: getStatementResult,
  GetStatementResultV2: getStatementResultV2,
  ListDatabases: listDatabases,
  ListSchemas: listSchemas,
  ListSessions: listSessions,
  ListStatements: listStatements,
  ListTables: listTables,
};

/** How to open a Data API; see {@link openDataApi}. */
export interface DataApiSettings {
  readonly warehouses: Warehouses;
  /** Where results that do not fit in memory are kept; emptied when opened and when closed. */
  readonly resultDirectory: string | undefined;
  readonly limits?: Partial<DataApiLimits>;
  /** `aws` refuses what is over AWS's requests a second with a ThrottlingException; default `none`. */
  readonly requestRates?: "aws" | "none";
  /** Epoch milliseconds; default the system's clock. */
  readonly now?: () => number;
  /** The caller's ARN in events. */
  readonly principal: string;
  /** Called when a statement that was run `WithEvent` has settled. */
  readonly onStatementEvent?: (event: StatementEvent) => void;
}

/** The Data API as a wire service. */
export interface DataApi {
  readonly service: WireService;
  /** Ends what runs, and forgets all statements, sessions and results. */
  close(): Promise<void>;
}

/** Opens a Data API over warehouses. */
export async function openDataApi(settings: DataApiSettings): Promise<DataApi> {
  const { warehouses, principal, onStatementEvent, now = Date.now } = settings;
  const limits = { ...defaultLimits, ...settings.limits };
  const results = await openResultStore({ directory: settings.resultDirectory, limits });
  const statements = createStatementStore({ limits, now, heldBytes: () => results.heldBytes });
  const sessions = createSessionStore({ limits, now });
  const runs = new Set<Promise<void>>();
  let lastQueryId = 0;
  const context: DataApiContext = {
    warehouses,
    statements,
    sessions,
    results,
    tokens: createClientTokens({ lifeMs: limits.clientTokenMs, now }),
    limits,
    now,
    nextQueryId: () => ++lastQueryId,
    principal,
    ...(onStatementEvent ? { onStatementEvent } : {}),
    track(run) {
      runs.add(run);
      void run.finally(() => runs.delete(run));
    },
  };
  const admit = settings.requestRates === "aws" ? createRateCheck(now) : undefined;
  return {
    service: createService({
      targetPrefix: "RedshiftData",
      operations: dataApiOperations,
      context,
      errorMember: "Message",
      refuse: (operation) =>
        new WireError("UnknownOperationException", `The operation ${operation} is unknown.`, { status: 404 }),
      ...(admit ? { admit } : {}),
    }),
    async close() {
      for (const statement of statements.list()) {
        if (!isSettled(statement.status)) statement.cancellation.abort(new Error("ERROR: terminating connection"));
      }
      const patience = AbortSignal.timeout(closePatienceMs);
      await Promise.race([Promise.all(runs), once(patience, "abort")]);
      await sessions.closeAll();
      await results.close();
    },
  };
}
