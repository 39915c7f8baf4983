import { checkEvent, type Event, type EventFamily } from "@millrace/events";
import type { FailedOutcome, RejectedOutcome } from "./outcome.ts";

/**
 * Most bytes of a record's data and partition key. Kinesis takes 1 MiB and more; Redshift skips records that its 1,048,576-byte column
 * cannot hold. Source: Redshift developer guide, streaming ingestion; the margin is ours.
 */
const maxRecordBytes = 1_000_000;
/** Longest partition key in characters. Source: Kinesis API reference, PutRecordsRequestEntry. */
const maxPartitionKeyLength = 256;

/** One event as one record. */
export interface EncodedRecord {
  readonly eventId: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Bytes that count against the limits of Kinesis: data and key. */
  readonly byteLength: number;
}

/** Checks an event and writes it as JSON. An event that is not sent gets its outcome here. */
export function encodeRecord(
  value: unknown,
  keyOf: (event: Event, family: EventFamily<Event>) => string,
): EncodedRecord | RejectedOutcome | FailedOutcome {
  const check = checkEvent(value);
  if (!check.valid) return { status: "rejected", problems: check.problems };
  const partitionKey = safePartitionKey(check.event, check.family, keyOf);
  if (partitionKey instanceof Error) return { status: "failed", cause: partitionKey };
  const data = Buffer.from(JSON.stringify(check.event));
  const byteLength = data.byteLength + Buffer.byteLength(partitionKey);
  if (byteLength > maxRecordBytes) {
    const message = `expected a record of at most ${maxRecordBytes} bytes with its partition key, got ${byteLength}`;
    return { status: "rejected", problems: [{ rule: "too-large", path: "", message }] };
  }
  return { eventId: check.event.event_id, partitionKey, data, byteLength };
}

/** The default key: it keeps a user's activity in one shard, and spreads requests evenly however many one client sends. */
export function partitionKeyOf(event: Event): string {
  return typeof event.user === "number" ? String(event.user) : event.event_id;
}

function safePartitionKey(
  event: Event,
  family: EventFamily<Event>,
  keyOf: (event: Event, family: EventFamily<Event>) => string,
): string | Error {
  try {
    const key: unknown = keyOf(event, family);
    if (typeof key === "string" && key.length >= 1 && key.length <= maxPartitionKeyLength) return key;
    const got = typeof key === "string" ? `${key.length} characters` : `a ${typeof key}`;
    return new TypeError(`partitionKeyOf must answer a string of 1 to ${maxPartitionKeyLength} characters, got ${got}`);
  } catch (cause) {
    return new Error("partitionKeyOf threw", { cause });
  }
}
