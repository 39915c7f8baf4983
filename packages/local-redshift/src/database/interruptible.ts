import type { DuckDBConnection } from "@duckdb/node-api";

/** How often a cancelled statement is interrupted again, in milliseconds: an interrupt before the query starts is lost. */
const interruptEveryMs = 20;

/** Runs something on a connection, whose queries end with an error when `signal` says so. */
export async function interruptible<Result>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  if (signal === undefined) return run();
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    timer = setInterval(() => connection.interrupt(), interruptEveryMs);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    return await run();
  } finally {
    signal.removeEventListener("abort", interrupt);
    clearInterval(timer);
  }
}
