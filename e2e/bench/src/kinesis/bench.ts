import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeMachine } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { say } from "../progress.ts";
import { measureCells } from "./cells.ts";
import { drawLongStream } from "./long-stream-chart.ts";
import { measureLongStream } from "./long-stream.ts";
import { FULL_PLAN, QUICK_PLAN } from "./plan.ts";
import { describeRun, renderReport } from "./report.ts";
import type { KinesisResults } from "./report.ts";
import { startServers } from "./servers.ts";
import { spreadOf } from "./spread.ts";
import { drawThroughput } from "./throughput-chart.ts";

const checkout = join(import.meta.dirname, "../../../..");

/**
 * Measures the local Kinesis beside a null endpoint and its peers, prints the page and writes it with its charts: to `docs/benchmarks`, or to `.millrace/bench`
 * if it was only a quick run.
 */
export async function runKinesisBench(options: { readonly asJson: boolean; readonly quick: boolean }): Promise<void> {
  const results = await measure(options.quick);
  const directory = join(checkout, options.quick ? ".millrace/bench" : "docs/benchmarks");
  const page = renderReport(results);
  const subtitle = describeRun(results);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "kinesis.md"), page);
  await writeFile(join(directory, "kinesis-throughput.svg"), drawThroughput(results.cells, subtitle));
  await writeFile(join(directory, "kinesis-long-stream.svg"), drawLongStream(results.longStream, subtitle));
  process.stdout.write(
    options.asJson ? `${JSON.stringify({ machine: describeMachine(), figures: toFigures(results) })}\n` : page,
  );
  say(`written to ${directory}`);
}

async function measure(quick: boolean): Promise<KinesisResults> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const directory = await mkdtemp(join(tmpdir(), "millrace-bench-"));
  try {
    const servers = await startServers({ directory, peersDirectory: join(checkout, ".millrace/bench-peers") });
    const running = servers.filter((server) => "process" in server);
    const cells = await measureCells(running, plan).finally(() =>
      Promise.all(running.map((server) => server.process.stop())),
    );
    const longStream = await measureLongStream(directory, plan);
    return {
      date: new Date().toISOString().slice(0, 10),
      plan,
      versions: await readVersions(),
      servers,
      cells,
      longStream,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Of what the figures depend on beside Node and this checkout. */
async function readVersions(): Promise<Record<string, string>> {
  const require = createRequire(join(checkout, "packages/local-kinesis/package.json"));
  const versions: Record<string, string> = {};
  for (const name of ["@aws-sdk/client-kinesis", "lmdb"]) {
    const found = require.resolve.paths(name)?.map((folder) => join(folder, name, "package.json")) ?? [];
    for (const path of found) {
      const text = await readFile(path, "utf8").catch(() => undefined);
      if (text !== undefined) {
        versions[name] = (JSON.parse(text) as { version: string }).version;
        break;
      }
    }
  }
  return versions;
}

function toFigures({ cells, longStream }: KinesisResults): Figure[] {
  const figures = cells.map(({ workload, server, client, rates }) => ({
    name: `${workload.name}, ${server}, ${client}`,
    value: Math.round(spreadOf(rates)?.median ?? NaN),
    unit: "records/s",
  }));
  const memory = [...longStream.puts.memory, ...longStream.reads.memory];
  const most = Math.max(...memory.map(({ anonymous, mapped }) => anonymous + mapped));
  return [...figures, { name: "most resident memory, long stream", value: Math.round(most), unit: "MB" }];
}
