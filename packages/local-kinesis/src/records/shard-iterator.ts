import { invalidArgument } from "../errors.ts";
import { WireError } from "@millrace/local-wire";
import type { Seal } from "../tokens/seal.ts";

/** A place in a shard. */
export interface ShardPosition {
  /** Number of the stream, so that an iterator does not outlive its stream under the same name. */
  readonly streamId: number;
  /** For the error when the stream is gone. */
  readonly streamName: string;
  readonly shardIndex: number;
  /** Index of the next record to read. */
  readonly index: number;
}

/** How long an iterator is good for. Source: Kinesis API reference, GetRecords. */
const LIFETIME_MS = 300_000;
const KIND = "shard-iterator";

/** The iterator for a place. */
export function formatShardIterator(seal: Seal, now: number, position: ShardPosition): string {
  return seal.close(KIND, [now, position.streamId, position.shardIndex, position.index, position.streamName]);
}

/** The place an iterator stands for. Throws `InvalidArgumentException` or `ExpiredIteratorException`. */
export function parseShardIterator(seal: Seal, now: number, iterator: string): ShardPosition {
  const parts = seal.open(KIND, iterator) as [number, number, number, number, string] | undefined;
  if (!parts) throw invalidArgument("Invalid ShardIterator.");
  const [createdAt, streamId, shardIndex, index, streamName] = parts;
  if (now - createdAt > LIFETIME_MS) {
    throw new WireError(
      "ExpiredIteratorException",
      `Iterator expired. The iterator was created at time ${formatTime(createdAt)} while right now it is ` +
        `${formatTime(now)} which is further in the future than the tolerated delay of ${LIFETIME_MS} milliseconds.`,
    );
  }
  return { streamId, streamName, shardIndex, index };
}

/** As Java prints dates: `Thu Jan 22 01:22:02 UTC 2015`. */
function formatTime(time: number): string {
  const [, weekday, day, month, year, clock] =
    /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(new Date(time).toUTCString()) ?? [];
  return `${weekday} ${month} ${day} ${clock} UTC ${year}`;
}
