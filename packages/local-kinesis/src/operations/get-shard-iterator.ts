import type { KinesisContext } from "../context.ts";
import { invalidArgument } from "../errors.ts";
import { findByTime } from "../log/log-reader.ts";
import { FIRST_INDEX } from "../log/shard-log.ts";
import { defineOperation } from "../operation.ts";
import { parseSequenceNumber } from "../sequence-number.ts";
import { formatShardIterator } from "../shard-iterator.ts";
import { resolveShard, resolveReadyStream } from "../stream-address.ts";
import type { StreamAddress } from "../stream-address.ts";
import { formatShardId } from "../stream.ts";
import type { Shard, Stream } from "../stream.ts";
import { sequenceNumber, shardId, streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly ShardId: string;
  readonly ShardIteratorType: (typeof TYPES)[number];
  readonly StartingSequenceNumber?: string | null;
  /** Epoch seconds. */
  readonly Timestamp?: number | null;
}

const TYPES = ["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"] as const;

/** Answers a place in a shard as an iterator. */
export const getShardIterator = defineOperation<Input>({
  name: "GetShardIterator",
  input: {
    ShardId: { ...shardId, required: true },
    ShardIteratorType: { type: "String", required: true, values: TYPES },
    StartingSequenceNumber: sequenceNumber,
    ...streamAddress,
    Timestamp: { type: "Timestamp" },
  },
  run(context, input) {
    const stream = resolveReadyStream(context, input);
    const shard = resolveShard(context, stream, input.ShardId);
    const index = findIndex(context, stream, shard, input);
    const position = { streamId: stream.state.id, shardIndex: shard.state.index, index };
    return { ShardIterator: formatShardIterator(context.seal, context.now(), position) };
  },
});

function findIndex(context: KinesisContext, stream: Stream, shard: Shard, input: Input): number {
  const type = input.ShardIteratorType;
  const given = input.StartingSequenceNumber;
  const needsSequenceNumber = type === "AT_SEQUENCE_NUMBER" || type === "AFTER_SEQUENCE_NUMBER";
  if (given != null ? type === "LATEST" || type === "TRIM_HORIZON" : needsSequenceNumber) {
    throw invalidArgument(
      "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or " +
        `(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ` +
        `${given != null ? "also a" : "no"} StartingSequenceNumber.`,
    );
  }
  switch (type) {
    case "TRIM_HORIZON":
      return FIRST_INDEX;
    case "LATEST":
      return shard.log.nextIndex;
    case "AT_TIMESTAMP":
      context.blocks.index.resetReadTxn();
      return findByTime(context.blocks, shard.log, checkTimestamp(input.Timestamp, context.now()));
    case "AT_SEQUENCE_NUMBER":
      return checkSequenceNumber(context, stream, shard, given ?? "");
    case "AFTER_SEQUENCE_NUMBER":
      return checkSequenceNumber(context, stream, shard, given ?? "") + 1;
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

function checkSequenceNumber(context: KinesisContext, stream: Stream, shard: Shard, text: string): number {
  const parsed = parseSequenceNumber(text);
  const use =
    `StartingSequenceNumber ${text} used in GetShardIterator on shard ${shard.id} in stream ${stream.state.name} ` +
    `under account ${context.accountId} is invalid`;
  if (!parsed) throw invalidArgument(`${use}.`);
  if (parsed.shardIndex !== shard.state.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${formatShardId(parsed.shardIndex)}, ` +
        `while it was used in a call to a shard with ${shard.id}`,
    );
  }
  if (parsed.createdSecond !== shard.state.createdSecond) {
    throw invalidArgument(`${use} because it did not come from this stream.`);
  }
  return parsed.index;
}
