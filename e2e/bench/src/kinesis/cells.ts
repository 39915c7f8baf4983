import { createContenders, endContenders } from "./contender.ts";
import type { ClientKind, Contender } from "./contender.ts";
import type { Reading } from "./driver.ts";
import { measureLoad } from "./load.ts";
import { nullIterator } from "./null-iterator.ts";
import { RECORDS_PER_PUT } from "./payloads.ts";
import type { Plan } from "./plan.ts";
import { cpuSecondsOf } from "./process-usage.ts";
import { createSdkClient } from "./sdk-client.ts";
import { streamNameFor } from "./servers.ts";
import type { RunningServer } from "./servers.ts";
import { SHARD_COUNT, startIterators } from "./stream-under-test.ts";
import { workloads } from "./workload.ts";
import type { Workload } from "./workload.ts";
import { say } from "../progress.ts";

/** One workload on one server through one client. */
export interface Cell {
  readonly workload: Workload;
  readonly server: string;
  readonly client: ClientKind;
  /** Records a second, one figure a round. */
  readonly rates: readonly number[];
  /** Microseconds of the server's CPU for each record, one figure a round; none where the system does not tell. */
  readonly cpuMicros: readonly number[];
}

/** Records that a stream should hold before it is read: a full page for each shard. */
const RECORDS_TO_READ = 60_000;

/** Measures every workload through every client that a server speaks with, round by round. */
export async function measureCells(servers: readonly RunningServer[], plan: Plan): Promise<Cell[]> {
  const contenders = createContenders(servers);
  const cells: Cell[] = [];
  try {
    for (const workload of workloads) {
      if (workload.operation === "getRecords") await fillStreams(contenders, workload, plan);
      const rows = contenders.map((contender) => ({ contender, rates: [] as number[], cpuMicros: [] as number[] }));
      for (let round = 1; round <= plan.rounds; round++) {
        say(`${workload.name}: round ${round} of ${plan.rounds}`);
        for (const { contender, rates, cpuMicros } of rows) {
          const { rate, cpuMicros: micros } = await measure(contender, workload, plan);
          rates.push(rate);
          if (micros !== undefined) cpuMicros.push(micros);
        }
      }
      for (const { contender, rates, cpuMicros } of rows) {
        cells.push({ workload, server: contender.server.name, client: contender.client, rates, cpuMicros });
      }
    }
  } finally {
    endContenders(contenders);
  }
  return cells;
}

async function measure({ server, driverFor }: Contender, workload: Workload, plan: Plan) {
  const { operation, recordBytes, callsUnderWay } = workload;
  const driver = driverFor(recordBytes);
  const readings = operation === "getRecords" ? await startReadings(server, recordBytes) : [];
  const load = { callsUnderWay, warmUpMs: plan.warmUpMs, measureMs: plan.measureMs };
  let cpuBefore: number | undefined;
  const { records, seconds } = await measureLoad(
    load,
    (worker) => driver[operation](readings[worker] as Reading),
    () => (cpuBefore = cpuSecondsOf(server.process.pid)),
  );
  const cpuAfter = cpuSecondsOf(server.process.pid);
  return {
    rate: records / seconds,
    cpuMicros: cpuAfter === undefined || cpuBefore === undefined ? undefined : ((cpuAfter - cpuBefore) * 1e6) / records,
  };
}

/** One for each call under way, each on a shard of its own. */
async function startReadings(server: RunningServer, recordBytes: number): Promise<Reading[]> {
  if (!server.keepsRecords) {
    return Array.from({ length: SHARD_COUNT }, () => ({
      start: nullIterator(recordBytes),
      next: nullIterator(recordBytes),
    }));
  }
  const client = createSdkClient(server.process.url, "1.1");
  const iterators = await startIterators(client, streamNameFor(recordBytes));
  client.destroy();
  return iterators.map((start) => ({ start, next: start }));
}

/** Puts as many records as the reads need, as far as a slow server gets with that in its time. */
async function fillStreams(contenders: readonly Contender[], { recordBytes }: Workload, plan: Plan): Promise<void> {
  for (const { server, driverFor } of contenders.filter(({ client }) => client === "sdk-http1")) {
    if (!server.keepsRecords) continue;
    const driver = driverFor(recordBytes);
    const calls = RECORDS_TO_READ / RECORDS_PER_PUT;
    const deadline = performance.now() + plan.fillMs;
    for (let call = 0; call < calls && performance.now() < deadline; call++) await driver.putRecords();
  }
}
