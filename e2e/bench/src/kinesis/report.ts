import { describeMachine } from "../figure.ts";
import type { Cell } from "./cells.ts";
import type { ClientKind } from "./contender.ts";
import { formatCount } from "./format.ts";
import { MEMORY_AIM_MB } from "./long-stream-chart.ts";
import type { LongStream, Passage } from "./long-stream.ts";
import { peers } from "./peers.ts";
import type { Plan } from "./plan.ts";
import { LOCAL_KINESIS, NULL_ENDPOINT } from "./servers.ts";
import type { Server } from "./servers.ts";
import { spreadOf } from "./spread.ts";
import { workloads } from "./workload.ts";
import type { Workload } from "./workload.ts";

/** All that one run found. */
export interface KinesisResults {
  readonly date: string;
  readonly plan: Plan;
  readonly versions: Readonly<Record<string, string>>;
  readonly servers: readonly Server[];
  readonly cells: readonly Cell[];
  readonly longStream: LongStream;
}

/** Where and when, in one line. */
export function describeRun({ date, versions }: KinesisResults): string {
  const { cores, cpu, memoryGiB, system, node } = describeMachine();
  const listed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date}, ${cores} cores of ${cpu}, ${memoryGiB} GiB, ${system}, Node ${node.slice(1)}, ${listed.join(", ")}`;
}

/** The results as a page of `docs/benchmarks`. */
export function renderReport(results: KinesisResults): string {
  const { cells, servers, longStream } = results;
  return `# The local Kinesis beside others

Written by \`npm run bench -- kinesis\`; \`e2e/bench/README.md\` says how to read it. ${describeRun(results)}.

Client and server are two processes on the same two cores, which other work may share; every figure is the median of ${results.plan.rounds} rounds with
the lowest and the highest beside it, and the rounds of all servers are interleaved. Records a second.

## One client, all servers

The unmodified \`@aws-sdk/client-kinesis\` with its HTTP/1.1 handler, the one that every server here takes.

![Records a second of each server](kinesis-throughput.svg)

${comparison(cells, servers)}

## Beside a null endpoint

A null endpoint reads each request to its end, answers as much as the local Kinesis does, and keeps nothing: it is as fast as the client. The SDK's
default for Kinesis is HTTP/2 with a connection for each call. The raw client sends prepared bytes over kept HTTP/1.1 connections, so that what limits it is the server.

${besideNull(cells)}

## ${formatCount(longStream.records)} records in one stream

200 B each, through the raw client, into an empty stream and back out from its first record to its last.

![Records a second and resident memory](kinesis-long-stream.svg)

${longTable(longStream)}

## How it was set up

- Shards: 4. Calls under way: ${workloads.map(({ name, callsUnderWay }) => `${name}: ${callsUnderWay}`).join("; ")}.
- GetRecords asks for no limit and so gets up to 10,000 records; each shard is read from its first record on, again and again.
- The local Kinesis keeps everything on disk and answers a put after its commit; its limits are switched off. The others keep it in memory.
${peers.map(({ name, package: source, version, setUp }) => `- ${name}: ${source} ${version} of npm; ${setUp}.`).join("\n")}
`;
}

function comparison(cells: readonly Cell[], servers: readonly Server[]): string {
  const rows = workloads.map((workload) => [
    workload.name,
    ...servers.map((server) =>
      "reason" in server ? "–" : formatCell(findCell(cells, workload, server.name, "sdk-http1")),
    ),
  ]);
  const absent = servers.flatMap((server) =>
    "reason" in server ? [`${server.name}: not measured, ${server.reason}`] : [],
  );
  return [table(["", ...servers.map(({ name }) => name)], rows), ...absent].join("\n\n");
}

function besideNull(cells: readonly Cell[]): string {
  const clients: readonly (readonly [ClientKind, string])[] = [
    ["sdk-http1", "SDK, HTTP/1.1"],
    ["sdk-http2", "SDK, HTTP/2"],
    ["raw", "raw, HTTP/1.1"],
  ];
  const rows = workloads.flatMap((workload) =>
    clients.map(([client, name]) => {
      const nothing = findCell(cells, workload, NULL_ENDPOINT, client);
      const ours = findCell(cells, workload, LOCAL_KINESIS, client);
      return [workload.name, name, formatCell(nothing), formatCell(ours), share(ours, nothing), cpu(ours)];
    }),
  );
  return table(["", "client", NULL_ENDPOINT, LOCAL_KINESIS, "share", "its CPU a record"], rows);
}

function longTable({ atRest, puts, reads }: LongStream): string {
  const row = (name: string, passage: Passage): string[] => {
    const { rates, memory, seconds } = passage;
    const tenth = Math.max(1, Math.round(rates.length / 10));
    const middle = (some: readonly number[]): string => formatCount(spreadOf(some)?.median ?? NaN);
    const peak = memory.reduce((most, now) => (total(now) > total(most) ? now : most), { anonymous: 0, mapped: 0 });
    return [
      name,
      `${seconds.toFixed(0)} s`,
      middle(rates),
      middle(rates.slice(0, tenth)),
      middle(rates.slice(-tenth)),
      memory.length === 0 ? "not told by this system" : `${formatMegabytes(peak)}, ${verdict(total(peak))}`,
    ];
  };
  const head = ["", "took", "median", "first tenth", "last tenth", "most resident memory"];
  const rest = atRest ? `\n\nAt rest, before the first record: ${formatMegabytes(atRest)}.` : "";
  return `${table(head, [row("put", puts), row("read back", reads)])}${rest}`;
}

function verdict(megabytes: number): string {
  return megabytes < MEMORY_AIM_MB ? `below the aim of ${MEMORY_AIM_MB} MB` : `above the aim of ${MEMORY_AIM_MB} MB`;
}

function total({ anonymous, mapped }: { readonly anonymous: number; readonly mapped: number }): number {
  return anonymous + mapped;
}

function formatMegabytes(memory: { readonly anonymous: number; readonly mapped: number }): string {
  return `${total(memory).toFixed(0)} MB (${memory.anonymous.toFixed(0)} its own, ${memory.mapped.toFixed(0)} mapped files)`;
}

function findCell(cells: readonly Cell[], workload: Workload, server: string, client: ClientKind): Cell | undefined {
  return cells.find((cell) => cell.workload === workload && cell.server === server && cell.client === client);
}

function formatCell(cell: Cell | undefined): string {
  const spread = spreadOf(cell?.rates ?? []);
  return spread
    ? `**${formatCount(spread.median)}** <sub>${formatCount(spread.low)}–${formatCount(spread.high)}</sub>`
    : "–";
}

function share(ours: Cell | undefined, nothing: Cell | undefined): string {
  const [mine, most] = [spreadOf(ours?.rates ?? []), spreadOf(nothing?.rates ?? [])];
  return mine && most ? (mine.median / most.median).toFixed(2) : "–";
}

function cpu(cell: Cell | undefined): string {
  const spread = spreadOf(cell?.cpuMicros ?? []);
  return spread ? `${formatCount(spread.median)} µs` : "–";
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
