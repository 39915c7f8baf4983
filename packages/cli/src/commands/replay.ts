import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createProducer,
  replay as replayLines,
  ReplayInputError,
  type ReplayProgress,
  type ReplayResult,
} from "@millrace/producer";
import type { Warehouse } from "@millrace/warehouse";
import { command, jsonOption, stageOption, wholeNumber } from "../command-line.ts";
import { exitCodes, UserError } from "../errors.ts";
import { formatCount, printJson, printLine, renderTable } from "../output.ts";
import { connectStage } from "../stage.ts";
import { startProgressBar } from "../progress.ts";

/** Rejected and failed lines that are listed one by one; all are counted, and `--json` lists what the producer kept. */
const listedLines = 20;

/** `millrace replay FILE`: sends every line of an NDJSON file as an event and accounts for each. */
export const replay = command({
  name: "replay",
  description: "Send the events of an NDJSON file (plain or gzip, - for standard input) and account for every line",
  args: {
    file: {
      type: "positional",
      required: true,
      description: "NDJSON file, one event a line, plain or gzip; - reads standard input",
    },
    stage: stageOption,
    rate: {
      type: "string",
      description: "Most events a second (default: as fast as the stream takes them)",
      valueHint: "N",
    },
    wait: { type: "boolean", default: false, description: "Wait until all stored events are visible in the warehouse" },
    json: jsonOption,
  },
  examples: [
    ["npx millrace replay requests.ndjson.gz --wait", "all lines, then wait until the warehouse shows them"],
    ["cat requests.ndjson | npx millrace replay - --rate 200", "from a pipe, 200 events a second"],
  ],
  async run({ file, stage, rate, wait, json }, signal) {
    const ratePerSecond = rate === undefined ? undefined : wholeNumber("--rate", rate, 1, 1_000_000);
    const source = await openSource(file);
    const connection = await connectStage(stage);
    const bar = startProgressBar({ label: "replay", totalBytes: source.bytes });
    const startedAt = performance.now();
    try {
      const producer = createProducer({
        client: connection.producerKinesis,
        streamName: connection.outputs.streamName,
        signal,
      });
      const result = await replayLines({
        lines: source.stream,
        producer,
        ...(ratePerSecond !== undefined && { rate: ratePerSecond }),
        signal,
        onProgress: (progress: ReplayProgress) => bar.update(progress.bytesRead, describeProgress(progress)),
      }).catch((error: unknown) => {
        if (error instanceof ReplayInputError) return { ...error.result, inputError: error.message };
        throw error;
      });
      await producer.close();
      const seconds = secondsSince(startedAt);
      const summary: Summary = { ...result, seconds };
      if (wait && !result.aborted) {
        bar.update(source.bytes ?? 0, "waiting until all are visible");
        await waitUntilVisible(connection.warehouse, result.lastSequenceNumbers, signal);
        Object.assign(summary, { visible: result.stored, visibleSeconds: secondsSince(startedAt) });
      }
      bar.stop();
      if (json) printJson(summary);
      else printLine(renderSummary(summary));
      if (result.aborted) return exitCodes.interrupted;
      return result.rejected + result.failed > 0 || summary.inputError ? exitCodes.failed : exitCodes.ok;
    } finally {
      bar.stop();
      connection.close();
    }
  },
});

async function openSource(file: string): Promise<{ stream: AsyncIterable<Uint8Array>; bytes: number | undefined }> {
  if (file === "-") return { stream: process.stdin, bytes: undefined };
  const found = await stat(file).catch((cause: unknown) => {
    throw new UserError(`The file ${file} cannot be read: check the path.`, { cause });
  });
  if (!found.isFile()) throw new UserError(`${file} is not a file: name one NDJSON file, or - for standard input.`);
  return { stream: createReadStream(file), bytes: found.size };
}

function describeProgress(progress: ReplayProgress): string {
  return `${formatCount(progress.read)} read, ${formatCount(progress.stored)} stored, ${formatCount(progress.rejected)} rejected`;
}

/** Returns when the streaming view holds, in every shard, the last record that was stored. */
async function waitUntilVisible(
  warehouse: Warehouse,
  last: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const pending = new Map(Object.entries(last));
  while (pending.size > 0) {
    signal.throwIfAborted();
    const { rows } = await warehouse.query(
      "SELECT TRIM(shard_id), MAX(LPAD(sequence_number, 128, '0')) FROM millrace.stream_records GROUP BY 1",
      undefined,
      { signal, name: "millrace-replay-wait" },
    );
    for (const [shardId, position] of rows) {
      const wanted = pending.get(String(shardId));
      if (wanted !== undefined && String(position) >= wanted.padStart(128, "0")) pending.delete(String(shardId));
    }
    if (pending.size > 0) await sleep(100, undefined, { signal });
  }
}

/** How a replay ended, for people and for `--json`. */
interface Summary extends ReplayResult {
  readonly seconds: number;
  /** Set where the input broke off. */
  readonly inputError?: string;
  /**
   * With `--wait`: stored events that the warehouse shows, and the seconds until it did. Known from how far the streaming view has come in
   * each shard: it holds every record up to there, and the producer sends none that Redshift would skip.
   */
  readonly visible?: number;
  readonly visibleSeconds?: number;
}

function secondsSince(startedAt: number): number {
  return Math.round(performance.now() - startedAt) / 1000;
}

function renderSummary(summary: Summary): string {
  const rows: (readonly [string, string])[] = [
    ["read", formatCount(summary.read)],
    ["sent", formatCount(summary.sent)],
    ["stored", formatCount(summary.stored)],
    ["rejected", formatCount(summary.rejected)],
    ["failed", formatCount(summary.failed)],
    ["seconds", summary.seconds.toFixed(2)],
  ];
  if (summary.visible !== undefined) {
    rows.push(
      ["visible", formatCount(summary.visible)],
      ["seconds until visible", (summary.visibleSeconds ?? 0).toFixed(2)],
    );
  }
  const problems = [
    ...summary.rejectedLines.map(
      ({ line, problems: found }) =>
        `line ${line} rejected: ${found.map((one) => `${one.rule} (${one.message})`).join("; ")}`,
    ),
    ...summary.failedLines.map(({ line, cause }) => `line ${line} failed: ${cause.message}`),
  ];
  const more =
    problems.length > listedLines
      ? [`… and ${formatCount(summary.rejected + summary.failed - listedLines)} more; --json lists them`]
      : [];
  if (summary.aborted) problems.unshift("Interrupted: what was read by then is accounted for above.");
  if (summary.inputError) problems.unshift(summary.inputError);
  return [renderTable(["replay", "count"], rows), ...problems.slice(0, listedLines), ...more].join("\n");
}
