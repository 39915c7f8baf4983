import { join } from "node:path";
import { RECORDS_PER_PAGE } from "./driver.ts";
import type { Driver } from "./driver.ts";
import { RECORDS_PER_PUT, makeBatches } from "./payloads.ts";
import type { Plan } from "./plan.ts";
import { memoryOf } from "./process-usage.ts";
import type { Memory } from "./process-usage.ts";
import { createRawDriver } from "./raw-driver.ts";
import { createSdkClient } from "./sdk-client.ts";
import { startLocalKinesis } from "./servers.ts";
import { createStream, startIterators } from "./stream-under-test.ts";
import { say } from "../progress.ts";

/** One way through a long stream. */
export interface Passage {
  /** Records a second in each step, in their order. */
  readonly rates: readonly number[];
  /** The server's memory, sampled all along, with the records that had gone through by then. None where the system does not tell. */
  readonly memory: readonly (Memory & { readonly records: number })[];
  readonly seconds: number;
}

/** What the first and the last of many records cost, and what the server holds meanwhile. */
export interface LongStream {
  readonly records: number;
  readonly step: number;
  /** Before the first record. */
  readonly atRest: Memory | undefined;
  readonly puts: Passage;
  readonly reads: Passage;
}

const STREAM = "long";
const RECORD_BYTES = 200;
const CALLS_UNDER_WAY = 8;
const SAMPLE_INTERVAL_MS = 250;

/** Puts a stream full and reads it back whole, through the raw client, on a server of its own. Throws if not every record comes back. */
export async function measureLongStream(directory: string, plan: Plan): Promise<LongStream> {
  const server = await startLocalKinesis(join(directory, "long"));
  const client = createSdkClient(server.url, "1.1");
  const batches = makeBatches(RECORD_BYTES);
  const driver = createRawDriver({ url: server.url, streamName: STREAM, batches });
  try {
    await createStream(client, STREAM);
    const atRest = memoryOf(server.pid);
    say(`${plan.longRecords} records into one stream`);
    const puts = await pass(server.pid, plan, (passed) => putAll(driver, plan.longRecords, passed));
    say(`${plan.longRecords} records back`);
    const iterators = await startIterators(client, STREAM);
    const reads = await pass(server.pid, plan, (passed) => readAll(driver, iterators, passed));
    return { records: plan.longRecords, step: plan.longStep, atRest, puts, reads };
  } finally {
    driver.close();
    client.destroy();
    await server.stop();
  }
}

/** Takes the time of each step and samples memory while `work` reports the records it moved. */
async function pass(
  pid: number,
  { longRecords, longStep }: Plan,
  work: (passed: (records: number) => void) => Promise<void>,
): Promise<Passage> {
  const rates: number[] = [];
  const memory: (Memory & { records: number })[] = [];
  let records = 0;
  let stepRecords = 0;
  const startedAt = performance.now();
  let stepAt = startedAt;
  const sample = (): void => {
    const now = memoryOf(pid);
    if (now) memory.push({ ...now, records });
  };
  sample();
  const timer = setInterval(sample, SAMPLE_INTERVAL_MS);
  try {
    await work((moved) => {
      records += moved;
      stepRecords += moved;
      if (stepRecords < longStep) return;
      const now = performance.now();
      rates.push((stepRecords / (now - stepAt)) * 1000);
      stepAt = now;
      stepRecords = 0;
    });
  } finally {
    clearInterval(timer);
  }
  sample();
  if (records !== longRecords) throw new Error(`${records} records went through, ${longRecords} were expected`);
  return { rates, memory, seconds: (performance.now() - startedAt) / 1000 };
}

async function putAll(driver: Driver, total: number, passed: (records: number) => void): Promise<void> {
  let begun = 0;
  const work = async (): Promise<void> => {
    while (begun < total) {
      begun += RECORDS_PER_PUT;
      passed(await driver.putRecords());
    }
  };
  await Promise.all(Array.from({ length: CALLS_UNDER_WAY }, work));
}

/** All shards at once, each to the first page that is not full. */
async function readAll(driver: Driver, iterators: readonly string[], passed: (records: number) => void): Promise<void> {
  await Promise.all(
    iterators.map(async (start) => {
      const reading = { start, next: start };
      for (let records = RECORDS_PER_PAGE; records === RECORDS_PER_PAGE;) {
        records = await driver.getRecords(reading);
        passed(records);
      }
    }),
  );
}
