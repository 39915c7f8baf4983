import type { KinesisContext } from "../context.ts";
import { readAnySequenceNumber } from "./any-sequence-number.ts";
import { invalidArgument } from "../errors.ts";
import { findByTime, readLog } from "../log/log-reader.ts";
import { FIRST_INDEX } from "../log/shard-log.ts";
import { parseSequenceNumber } from "./sequence-number.ts";
import { formatShardId } from "../streams/stream.ts";
import type { Shard, Stream } from "../streams/stream.ts";

/** The ways to say where in a shard to begin. */
export const POSITION_TYPES = [
  "AFTER_SEQUENCE_NUMBER",
  "LATEST",
  "AT_TIMESTAMP",
  "AT_SEQUENCE_NUMBER",
  "TRIM_HORIZON",
] as const;

/** Where in a shard to begin, as an operation is asked for it. */
export interface StartingPosition {
  readonly type: (typeof POSITION_TYPES)[number];
  readonly sequenceNumber: string | null | undefined;
  /** Epoch seconds. */
  readonly timestamp: number | null | undefined;
}

/**
 * The index of the first record to read. Throws `InvalidArgumentException`, in the texts of `GetShardIterator`; that
 * `SubscribeToShard` has the same is known of one of them (awslabs/amazon-kinesis-client#391).
 */
export function findStart(
  context: KinesisContext,
  stream: Stream,
  shard: Shard,
  { type, sequenceNumber, timestamp }: StartingPosition,
  operation: "GetShardIterator" | "SubscribeToShard",
): number {
  const needsSequenceNumber = type === "AT_SEQUENCE_NUMBER" || type === "AFTER_SEQUENCE_NUMBER";
  if (sequenceNumber != null ? type === "LATEST" || type === "TRIM_HORIZON" : needsSequenceNumber) {
    throw invalidArgument(
      "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or " +
        `(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ` +
        `${sequenceNumber != null ? "also a" : "no"} StartingSequenceNumber.`,
    );
  }
  switch (type) {
    case "TRIM_HORIZON":
      return FIRST_INDEX;
    case "LATEST":
      return shard.log.nextIndex;
    case "AT_TIMESTAMP":
      context.blocks.index.resetReadTxn();
      return findByTime(context.blocks, shard.log, checkTimestamp(timestamp, context.now()));
    case "AT_SEQUENCE_NUMBER":
      return findFrom(context, shard, checkSequenceNumber(context, stream, shard, sequenceNumber ?? "", operation));
    case "AFTER_SEQUENCE_NUMBER":
      return checkSequenceNumber(context, stream, shard, sequenceNumber ?? "", operation).index + 1;
  }
}

function checkTimestamp(timestamp: number | null | undefined, now: number): number {
  if (timestamp == null) {
    throw invalidArgument(
      "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp " +
        "parameter.",
    );
  }
  const time = timestamp * 1000;
  if (time <= now) return time;
  throw invalidArgument(
    "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. " +
      `timestampInMillis: ${time}, currentTimestampInMillis: ${now}`,
  );
}

/** A sequence number of this shard, whether or not a record has it. */
interface Place {
  readonly text: string;
  readonly index: number;
}

function checkSequenceNumber(
  context: KinesisContext,
  stream: Stream,
  shard: Shard,
  text: string,
  operation: string,
): Place {
  const any = readAnySequenceNumber(text);
  const use =
    `StartingSequenceNumber ${text} used in ${operation} on shard ${shard.id} in stream ${stream.state.name} ` +
    `under account ${context.accountId} is invalid`;
  if (!any) throw invalidArgument(`${use}.`);
  if (any.shardIndex !== shard.state.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${formatShardId(any.shardIndex)}, ` +
        `while it was used in a call to a shard with ${shard.id}`,
    );
  }
  const parsed = parseSequenceNumber(text);
  if (parsed?.createdSecond !== shard.state.createdSecond) {
    throw invalidArgument(`${use} because it did not come from this stream.`);
  }
  // What lies beyond the tip, such as the ending number of a closed shard, stands for the tip.
  return { text, index: Math.min(parsed.index, shard.log.nextIndex) };
}

/**
 * The index of the first record at or above a sequence number. The `ContinuationSequenceNumber` of a moment without
 * records lies above the record before it, whose index it bears, and below the next.
 */
function findFrom({ blocks }: KinesisContext, shard: Shard, { text, index }: Place): number {
  const { records } = readLog(blocks, shard.log, { from: index, notBefore: 0, maxRecords: 1, maxBytes: 1 });
  const [record] = records;
  const isBelow = record?.index === index && shard.sequenceNumber(index, record.arrivedAt) < text;
  return isBelow ? index + 1 : index;
}
