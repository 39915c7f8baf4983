import type { Event, EventFamily } from "@millrace/events";
import type { PutRecordsCommand, PutRecordsCommandOutput } from "@aws-sdk/client-kinesis";
import { systemClock, type Clock } from "./clock.ts";
import { partitionKeyOf } from "./record.ts";

/** The slice of `KinesisClient` that a producer uses. Make it with `createKinesisClient`, or with `maxAttempts: 1`. */
export interface PutRecordsClient {
  send(command: PutRecordsCommand, options?: { readonly abortSignal?: AbortSignal }): Promise<PutRecordsCommandOutput>;
}

/** Settings of a producer. Numbers are integers; one outside its bounds throws `TypeError`, all problems in one message. */
export interface ProducerOptions {
  /**
   * Its own retries must be off (`maxAttempts: 1`): each would repeat a whole call where this library resends single records, and multiply the
   * attempts stated here.
   */
  readonly client: PutRecordsClient;
  /** 1 to 128 of letters, digits, `_`, `.` and `-`. Source: Kinesis API reference, StreamName. */
  readonly streamName: string;
  /** Most records in one `PutRecords` call: 1 to 500, default 500. Source: Kinesis API reference, PutRecords. */
  readonly maxRecordCount?: number;
  /**
   * Most bytes of data and partition keys in one call: 1,000,000 to 10,485,760, default 5,242,880. Source: Kinesis developer guide, quotas
   * (10 MiB; 5 MiB until 2025).
   */
  readonly maxBatchBytes?: number;
  /** Most `PutRecords` calls at once, those that wait before a resend included: 1 to 128, default 8. */
  readonly maxInFlight?: number;
  /** Longest time in ms that an event waits for others to share its call: 0 to 60,000, default 20. */
  readonly lingerMs?: number;
  /** Most events that are held and not settled: 1 to 1,000,000, default 10,000. More are failed; `ready()` says when there is room. */
  readonly maxBufferedEvents?: number;
  /** Most bytes that are held and not settled, from 1,000,000 to 2 GiB, default 64 MiB; one event may stand above it. */
  readonly maxBufferedBytes?: number;
  /** Most times that an event is sent: 1 to 100, default 30. */
  readonly maxAttempts?: number;
  /** Longest time in ms from an event's first call to its last: 0 to 3,600,000, default 120,000. */
  readonly maxElapsedMs?: number;
  /** Longest time in ms that one call may take: 1 to 600,000, default 15,000. */
  readonly callTimeoutMs?: number;
  /** Upper bound in ms of the first wait before a resend, doubled each time: 0 to 60,000, default 50. The wait is drawn evenly from 0 to the bound. */
  readonly baseDelayMs?: number;
  /** Most that bound grows to, in ms: 0 to 600,000, default 5,000. */
  readonly maxDelayMs?: number;
  /**
   * Partition key of an event, 1 to 256 characters; events of one key go to one shard. Default: a user's number for activity, the event's id for
   * others.
   */
  readonly partitionKeyOf?: (event: Event, family: EventFamily<Event>) => string;
  /** Gives up what is not sent yet, ends calls on the wire, and fails every event held. */
  readonly signal?: AbortSignal;
  /** Answers from 0 (included) to 1 (excluded), default `Math.random`. */
  readonly random?: () => number;
  readonly clock?: Clock;
}

/** Checked settings, every default filled in. */
export type ProducerSettings = Readonly<Required<Omit<ProducerOptions, "signal">>> & {
  readonly signal: AbortSignal | undefined;
};

/** Least and most, and the default, of each number. */
const bounds = {
  maxRecordCount: [1, 500, 500],
  maxBatchBytes: [1_000_000, 10_485_760, 5_242_880],
  maxInFlight: [1, 128, 8],
  lingerMs: [0, 60_000, 20],
  maxBufferedEvents: [1, 1_000_000, 10_000],
  maxBufferedBytes: [1_000_000, 2 ** 31, 64 * 2 ** 20],
  maxAttempts: [1, 100, 30],
  maxElapsedMs: [0, 3_600_000, 120_000],
  callTimeoutMs: [1, 600_000, 15_000],
  baseDelayMs: [0, 60_000, 50],
  maxDelayMs: [0, 600_000, 5_000],
} as const;

type BoundedName = keyof typeof bounds;

const others = new Set(["client", "streamName", "partitionKeyOf", "signal", "random", "clock"]);

/** What Kinesis takes as a stream's name. Source: Kinesis API reference, StreamName. */
export const streamNamePattern = /^[a-zA-Z0-9_.-]{1,128}$/;

/** Checks options as a whole and fills in the defaults. Throws `TypeError` that lists every problem. */
export function parseProducerOptions(options: ProducerOptions): ProducerSettings {
  const problems = Object.keys(options)
    .filter((key) => !(key in bounds) && !others.has(key))
    .map((key) => `${key} is no setting`);
  if (typeof options.client?.send !== "function") problems.push("client must be a KinesisClient, got no send()");
  if (!streamNamePattern.test(options.streamName)) {
    problems.push(`streamName must match ${streamNamePattern.source}, got ${JSON.stringify(options.streamName)}`);
  }
  const numbers = {} as Record<BoundedName, number>;
  for (const name of Object.keys(bounds) as BoundedName[]) {
    const [least, most, preset] = bounds[name];
    const value = options[name] ?? preset;
    if (!Number.isInteger(value) || value < least || value > most) {
      problems.push(`${name} must be an integer from ${least} to ${most}, got ${String(value)}`);
    }
    numbers[name] = value;
  }
  if (problems.length > 0) throw new TypeError(`${problems.join("; ")} (producer settings)`);
  return {
    ...numbers,
    client: options.client,
    streamName: options.streamName,
    partitionKeyOf: options.partitionKeyOf ?? partitionKeyOf,
    signal: options.signal,
    random: options.random ?? Math.random,
    clock: options.clock ?? systemClock,
  };
}
