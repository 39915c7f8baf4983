import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { type Dev, freePort, type Millrace, millraceOf } from "@millrace/e2e-pipeline/millrace";
import { families } from "@millrace/events";
import { createKinesisClient, createProducer, type Producer } from "@millrace/producer";
import { createWarehouse, type Warehouse } from "@millrace/warehouse";
import { describeMachine, type Figure, percentile } from "./figure.ts";
import { startNullEndpoint } from "./null-endpoint.ts";
import { say } from "./progress.ts";

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const figures: Figure[] = [];

/**
 * Measures the whole path on this machine and prints the figures, as one JSON line if asked. Each stands beside a floor of the same run; none of
 * them is Redshift's or AWS's speed.
 */
export async function runPipelineBench({ asJson }: { readonly asJson: boolean }): Promise<void> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  const millrace = millraceOf({ dataDirectory });
  try {
    await measureStarts(millrace);
    const dev = await millrace.dev(["--rate", "0", "--no-limits"]);
    try {
      await sleep(2_000);
      measureMemory(dev, "memory of everything at rest");
      await measureThroughput(dev, 200_000);
      await measureLatency(dev, 1_000, 15);
      measureMemory(dev, "memory of everything after the load");
    } finally {
      await dev.stop();
    }
  } finally {
    rmSync(dataDirectory, { recursive: true, force: true });
  }
  print(asJson);
}

/** First and second start: until the page answers, and until it shows events. */
async function measureStarts(millrace: Millrace): Promise<void> {
  const floor = await elapsed(async () => void (await once(spawn(process.execPath, ["-e", "0"]), "close")));
  for (const which of ["first", "second"]) {
    say(`${which} start`);
    const port = await freePort();
    const page = `http://127.0.0.1:${port}`;
    const startedAt = performance.now();
    const starting = millrace.dev(["--rate", "50", "--port", String(port)]);
    while (
      !(await fetch(page).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      await sleep(10);
    const pageMs = performance.now() - startedAt;
    await firstTile(page);
    const tileMs = performance.now() - startedAt;
    await (await starting).stop();
    const bare = { name: "an empty Node process", value: Math.round(floor) };
    figures.push({ name: `${which} start to page`, value: Math.round(pageMs), unit: "ms", floor: bare });
    figures.push({ name: `${which} start to first tile`, value: Math.round(tileMs), unit: "ms", floor: bare });
  }
}

async function firstTile(page: string): Promise<void> {
  const abort = new AbortController();
  const response = await fetch(new URL("/events", page), { signal: abort.signal });
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (/"total":\s*[1-9]/.test(text)) break;
  }
  abort.abort();
}

/** All events of a burst, from the first `send` until the view holds the last one. */
async function measureThroughput(dev: Dev, count: number): Promise<void> {
  say(`throughput, ${count} events`);
  const nothing = await startNullEndpoint();
  const floorMs = await elapsed(() => sendBurst(nothing.url, dev, count));
  nothing.close();
  const warehouse = warehouseOf(dev);
  const before = await rowCount(warehouse);
  const startedAt = performance.now();
  await sendBurst(dev.cloud, dev, count);
  const storedMs = performance.now() - startedAt;
  while ((await rowCount(warehouse)) < before + count) await sleep(20);
  const visibleMs = performance.now() - startedAt;
  const floor = { name: "the same producer against a null endpoint", value: Math.round((count / floorMs) * 1000) };
  figures.push({
    name: "producer to confirmed",
    value: Math.round((count / storedMs) * 1000),
    unit: "events/s",
    floor,
  });
  figures.push({
    name: "producer to visible in the view",
    value: Math.round((count / visibleMs) * 1000),
    unit: "events/s",
    floor,
    note: `${count} events`,
  });
}

async function sendBurst(endpoint: string, dev: Dev, count: number): Promise<void> {
  const producer = producerOf(endpoint, dev);
  const family = families[0];
  for (let index = 0; index < count; index++) {
    await producer.ready();
    void producer.send(family?.sample(Math.random, Date.now()));
  }
  await producer.close();
  if (producer.counts.stored !== count)
    throw new Error(`${count} events were sent and ${producer.counts.stored} stored`);
}

/** From arrival in the stream to a reader's first sight, at a steady rate. */
async function measureLatency(dev: Dev, ratePerSecond: number, seconds: number): Promise<void> {
  say(`latency at ${ratePerSecond} events/s for ${seconds} s`);
  const warehouse = warehouseOf(dev);
  const roundTrips: number[] = [];
  for (let index = 0; index < 50; index++)
    roundTrips.push(await elapsed(async () => void (await warehouse.query("SELECT 1"))));
  const producer = producerOf(dev.cloud, dev);
  const from = Date.now();
  const sightings: { at: number; positions: Map<string, string> }[] = [];
  let done = false;
  const watch = async (): Promise<void> => {
    while (!done) {
      const { rows } = await warehouse.query(
        "SELECT TRIM(shard_id), MAX(sequence_number) FROM millrace.stream_records GROUP BY 1",
      );
      sightings.push({
        at: Date.now(),
        positions: new Map(rows.map(([shard, position]) => [String(shard), String(position)])),
      });
    }
  };
  const watching = watch();
  await steadily(producer, ratePerSecond, seconds);
  await producer.close();
  await sleep(1_000);
  done = true;
  await watching;
  const { rows } = await warehouse.query(
    "SELECT TRIM(shard_id), sequence_number, DATEDIFF(ms, TIMESTAMP 'epoch', approximate_arrival_timestamp) FROM millrace.stream_records " +
      `WHERE approximate_arrival_timestamp >= TIMESTAMP '${new Date(from).toISOString().replace("T", " ").replace("Z", "")}'`,
  );
  const delays = rows.map(([shard, position, arrival]) => {
    const seen = sightings.find(({ positions }) => (positions.get(String(shard)) ?? "") >= String(position));
    return (seen?.at ?? Number.POSITIVE_INFINITY) - Number(arrival);
  });
  const floor = {
    name: "one SELECT 1 through the Data API, p50",
    value: Math.round(percentile(roundTrips, 0.5) * 10) / 10,
  };
  const note = `${delays.length} events at ${ratePerSecond}/s; the reader's own poll is part of it`;
  figures.push({ name: "arrival to visible p50", value: percentile(delays, 0.5), unit: "ms", floor, note });
  figures.push({ name: "arrival to visible p95", value: percentile(delays, 0.95), unit: "ms", floor, note });
}

async function steadily(producer: Producer, ratePerSecond: number, seconds: number): Promise<void> {
  const startedAt = performance.now();
  for (let sent = 0; sent < ratePerSecond * seconds;) {
    const due = Math.min(ratePerSecond * seconds, Math.floor(((performance.now() - startedAt) / 1000) * ratePerSecond));
    for (; sent < due; sent++) void producer.send(families[0]?.sample(Math.random, Date.now()));
    await sleep(5);
  }
}

/** Resident memory of the process and all below it. */
function measureMemory(dev: Dev, name: string): void {
  if (process.platform !== "linux") return;
  const status = readFileSync(`/proc/${dev.pid}/status`, "utf8");
  const kib = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  figures.push({
    name,
    value: Math.round(kib / 1024),
    unit: "MiB",
    floor: { name: "this bench itself, SDK clients loaded", value: Math.round(process.memoryUsage().rss / 2 ** 20) },
  });
}

function producerOf(endpoint: string, dev: Dev): Producer {
  const client = createKinesisClient({ endpoint, region: dev.outputs["region"] ?? "", credentials });
  return createProducer({ client, streamName: dev.outputs["streamName"] ?? "" });
}

function warehouseOf(dev: Dev): Warehouse {
  const client = new RedshiftDataClient({ endpoint: dev.cloud, region: dev.outputs["region"] ?? "", credentials });
  const { workgroupName = "", databaseName = "", adminSecretArn = "" } = dev.outputs;
  return createWarehouse({ client, target: { workgroupName, database: databaseName, secretArn: adminSecretArn } });
}

async function rowCount(warehouse: Warehouse): Promise<number> {
  return Number((await warehouse.query("SELECT COUNT(*) FROM millrace.stream_records")).rows[0]?.[0]);
}

async function elapsed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function print(asJson: boolean): void {
  const machine = describeMachine();
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ machine, figures })}\n`);
    return;
  }
  process.stdout.write(
    `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}\n\n`,
  );
  for (const { name, value, unit, floor, note } of figures) {
    const beside = floor ? `   floor ${floor.value} (${floor.name})` : "";
    process.stdout.write(
      `${name.padEnd(36)} ${String(value).padStart(10)} ${unit}${beside}${note ? `; ${note}` : ""}\n`,
    );
  }
}
