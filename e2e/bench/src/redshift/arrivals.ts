import { setTimeout as sleep } from "node:timers/promises";
import { cpuSecondsOf } from "../kinesis/process-usage.ts";
import { say } from "../progress.ts";
import type { CloudUnderTest } from "./cloud-under-test.ts";
import { measureBareAppend } from "./bare-append.ts";
import type { Form } from "./events.ts";
import { sendSteadily } from "./load.ts";
import type { Plan } from "./plan.ts";
import { startReaders } from "./readers.ts";
import { weightedPercentiles } from "./weighted-percentiles.ts";
import type { Percentiles } from "./weighted-percentiles.ts";

/** How soon events could be read at one rate. */
export interface ArrivalCell {
  readonly form: Form;
  readonly ratePerSecond: number;
  readonly withQueries: boolean;
  /** Events a second that were confirmed; less than the rate when the server could not take them. */
  readonly sentPerSecond: number;
  /** Milliseconds from a record's arrival to the commit that made it visible in the streaming view and in the typed ones. */
  readonly visible: Percentiles;
  /** Milliseconds of the readers' queries. */
  readonly queries: Percentiles | undefined;
  /** Appending the same rows, typed, to DuckDB alone, as often as the view is refreshed: milliseconds a commit. */
  readonly floor: Percentiles;
  /** Processor time of the server for an event, in microseconds. */
  readonly cpuMicros: number | undefined;
}

/** How often the history of refreshes is asked for during a round: it remembers a thousand, and each takes some tens of milliseconds. */
const HISTORY_EVERY_MS = 2_000;
const HISTORY_LIMIT_MS = 5_000;
const VIEW = "millrace.stream_records";

/** Every rate in every form, with and without queries. */
export async function measureArrivals(cloud: CloudUnderTest, plan: Plan): Promise<ArrivalCell[]> {
  const cells: ArrivalCell[] = [];
  for (const form of ["single", "packed"] as const)
    for (const ratePerSecond of plan.rates)
      for (const withQueries of [false, true]) {
        say(`arrival to visible: ${ratePerSecond} events/s, ${form}${withQueries ? ", with queries" : ""}`);
        cells.push(await measureCell(cloud, plan, { form, ratePerSecond, withQueries }));
      }
  return cells;
}

async function measureCell(
  cloud: CloudUnderTest,
  plan: Plan,
  cell: Pick<ArrivalCell, "form" | "ratePerSecond" | "withQueries">,
): Promise<ArrivalCell> {
  const { warehouse, process } = cloud;
  const { form, ratePerSecond, withQueries } = cell;
  const before = await countRows(cloud);
  const from = Date.now() + plan.warmUpMs;
  const cpuBefore = cpuSecondsOf(process.pid);
  const readers = withQueries ? startReaders(warehouse) : undefined;
  const history = watchRefreshes(cloud);
  const count = Math.ceil((ratePerSecond * (plan.warmUpMs + plan.latencyMs)) / 1_000);
  const sent = await sendSteadily(cloud, { form, ratePerSecond, count });
  const times = await readers?.stop();
  await untilVisible(cloud, before + sent.records);
  const cpuSeconds = (cpuSecondsOf(process.pid) ?? NaN) - (cpuBefore ?? NaN);
  const { rows } = await warehouse.query(
    `SELECT DATEDIFF(ms, TIMESTAMP 'epoch', approximate_arrival_timestamp), refresh_time::VARCHAR, COUNT(*) FROM ${VIEW}
     WHERE approximate_arrival_timestamp >= TIMESTAMP 'epoch' + ${Math.floor(from / 1_000)} * INTERVAL '1 second' GROUP BY 1, 2`,
  );
  const endTimes = await history.stop(rows.map(([, refresh]) => String(refresh)));
  const delays = rows.map(([arrival, refresh, weight]) => ({
    value: (endTimes.get(String(refresh)) ?? NaN) - Number(arrival),
    weight: Number(weight),
  }));
  return {
    ...cell,
    sentPerSecond: sent.events / sent.seconds,
    visible: weightedPercentiles(delays),
    queries: times && weightedPercentiles(times.map((value) => ({ value, weight: 1 }))),
    floor: await measureBareAppend(ratePerSecond),
    cpuMicros: Number.isNaN(cpuSeconds) ? undefined : (cpuSeconds / sent.events) * 1e6,
  };
}

/** Ends of refreshes by their `refresh_time`, which no two have in common. Stopping waits until those asked for are told, which they are just after their commit. */
function watchRefreshes({ warehouse }: CloudUnderTest): {
  stop(asked: readonly string[]): Promise<Map<string, number>>;
} {
  const ends = new Map<string, number>();
  const look = async (): Promise<void> => {
    const { rows } = await warehouse.query(
      "SELECT start_time::VARCHAR, DATEDIFF(ms, TIMESTAMP 'epoch', end_time) FROM sys_mv_refresh_history WHERE mv_name = 'stream_records'",
    );
    for (const [start, end] of rows) ends.set(String(start), Number(end));
  };
  const abort = new AbortController();
  const watching = (async () => {
    while (!abort.signal.aborted) {
      await look();
      await sleep(HISTORY_EVERY_MS, undefined, { signal: abort.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop(asked) {
      abort.abort();
      await watching;
      const deadline = performance.now() + HISTORY_LIMIT_MS;
      for (;;) {
        await look();
        const missing = asked.find((refresh) => !ends.has(refresh));
        if (missing === undefined) return ends;
        if (performance.now() > deadline)
          throw new Error(`the history of refreshes does not tell of the one at ${missing}`);
      }
    },
  };
}

/** Rows of the streaming view. */
async function countRows({ warehouse }: CloudUnderTest): Promise<number> {
  return Number((await warehouse.query(`SELECT COUNT(*) FROM ${VIEW}`)).rows[0]?.[0]);
}

/** Waits until the view holds so many rows. Throws when it holds more, and when none has come for a minute. */
export async function untilVisible(cloud: CloudUnderTest, expected: number): Promise<void> {
  let last = -1;
  let lastAt = performance.now();
  for (;;) {
    const rows = await countRows(cloud);
    if (rows === expected) return;
    if (rows > expected) throw new Error(`the view holds ${rows} rows, more than the ${expected} that were put`);
    if (rows !== last) [last, lastAt] = [rows, performance.now()];
    else if (performance.now() - lastAt > 60_000)
      throw new Error(`the view stays at ${rows} rows, ${expected} were put`);
    await sleep(50);
  }
}
