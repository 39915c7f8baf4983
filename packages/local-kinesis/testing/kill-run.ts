import { spawn } from "node:child_process";
import { once } from "node:events";
import type { StreamReader } from "../src/index.ts";
import type { PutUntilKilled } from "./put-until-killed.ts";
import { readAll } from "./read-all.ts";

/** A record that was confirmed, or is stored. */
export interface NumberedRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly number: number;
  /** Epoch ms: when it was confirmed, or when it arrived. */
  readonly at: number;
}

/** Records of one call of the script, in one transaction: numbers from a multiple of this on. */
export const RECORDS_PER_CALL = 50;
const RETENTION_MS = 24 * 3_600_000;
/** More than passes on the fast clock between the last line that was read and the kill. */
const CLOCK_SLACK_MS = 12 * 3_600_000;

/** When to kill: some ms after the process was started, or after its first record was confirmed. */
export interface KillMoment {
  readonly after: "start" | "first record";
  readonly delayMs: number;
}

/** Runs `put-until-killed.ts`, kills it, and answers what it said was confirmed. */
export async function putUntilKilled(
  options: PutUntilKilled,
  { after, delayMs }: KillMoment,
): Promise<NumberedRecord[]> {
  const script = new URL("./put-until-killed.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  await Promise.race([after === "start" ? once(child, "spawn") : once(child.stdout, "data"), closed]);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  child.kill("SIGKILL");
  await closed;
  if (child.signalCode !== "SIGKILL") throw new Error(`the process ended by itself, status ${child.exitCode}`);
  // The last line may be cut off: it was written, but not all of it.
  const lines = output.split("\n").slice(0, -1);
  return lines.map((line) => {
    const [shardId = "", sequenceNumber = "", number, at] = line.split(" ");
    return { shardId, sequenceNumber, number: Number(number), at: Number(at) };
  });
}

/** All records of a stream that such processes filled. */
export async function readNumberedRecords(reader: StreamReader, streamName: string): Promise<NumberedRecord[]> {
  const records = await readAll(reader, streamName);
  return records.map(({ shardId, sequenceNumber, data, partitionKey, arrivedAt }) => {
    const number = Number(Buffer.from(data).toString());
    if (partitionKey !== `key-${number}`)
      throw new Error(`${sequenceNumber} has the key ${partitionKey} and the number ${number}`);
    return { shardId, sequenceNumber, number, at: arrivedAt };
  });
}

/**
 * What is wrong with what is stored after a kill: `earlier` was confirmed by processes that were killed before, `latest` by this one. What
 * may have expired is passed over.
 */
export function findKillFaults(
  stored: readonly NumberedRecord[],
  {
    earlier,
    latest,
    now,
  }: { readonly earlier: readonly NumberedRecord[]; readonly latest: readonly NumberedRecord[]; readonly now: number },
): string[] {
  const isYoung = ({ at }: NumberedRecord): boolean => at > now - RETENTION_MS + CLOCK_SLACK_MS;
  const lines = new Set(stored.map(lineOf));
  const lost = [...earlier, ...latest].filter((record) => isYoung(record) && !lines.has(lineOf(record)));
  const twice = stored.length - new Set(stored.map(({ number }) => number)).size;
  const inPart = [...groupBy(stored, ({ number }) => Math.floor(number / RECORDS_PER_CALL)).values()].filter(
    (call) => call.length !== RECORDS_PER_CALL && call.every(isYoung),
  );
  return [
    ...lost.map((record) => `lost: ${lineOf(record)}`),
    ...(twice > 0 ? [`${twice} records are stored twice`] : []),
    ...inPart.map(([record]) => `a call is stored in part: ${record && lineOf(record)}`),
    ...[...groupBy(stored, ({ shardId }) => shardId)].flatMap(([shardId, records]) => {
      const numbers = records.map(({ sequenceNumber }) => sequenceNumber);
      return numbers.every((number, index) => index === 0 || (numbers[index - 1] as string) < number)
        ? []
        : [`${shardId} is not in the order of its sequence numbers`];
    }),
    ...[...groupBy(latest, ({ shardId }) => shardId)].flatMap(([shardId, records]) => {
      const newest = sequenceNumbersOf(earlier.filter((record) => record.shardId === shardId)).at(-1) ?? "";
      const [oldest = ""] = sequenceNumbersOf(records);
      return newest < oldest ? [] : [`${shardId} was given ${oldest} after ${newest}`];
    }),
  ];
}

function lineOf({ shardId, sequenceNumber, number }: NumberedRecord): string {
  return `${shardId} ${sequenceNumber} ${number}`;
}

function sequenceNumbersOf(records: readonly NumberedRecord[]): string[] {
  return records.map(({ sequenceNumber }) => sequenceNumber).sort();
}

function groupBy<Key>(
  records: readonly NumberedRecord[],
  keyOf: (record: NumberedRecord) => Key,
): Map<Key, NumberedRecord[]> {
  const groups = new Map<Key, NumberedRecord[]>();
  for (const record of records) {
    const key = keyOf(record);
    const group = groups.get(key);
    if (group) group.push(record);
    else groups.set(key, [record]);
  }
  return groups;
}
