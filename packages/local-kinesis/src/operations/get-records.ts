import { SerializedAnswer } from "@millrace/local-wire";
import { describeChildren, describeRecord, encryptionType } from "../streams/descriptions.ts";
import { endDryRun } from "../dry-run.ts";
import { invalidArgument, shardNotFound } from "../errors.ts";
import { readLog, scanLog } from "../log/log-reader.ts";
import { defineOperation } from "../operation.ts";
import { readRateExceeded } from "../physics/rate-exceeded.ts";
import { createRecordsJson } from "../records/records-json.ts";
import { formatShardIterator, parseShardIterator } from "../records/shard-iterator.ts";
import { resolveStream } from "../streams/stream-address.ts";
import { formatShardId, isExpired, retentionStart } from "../streams/stream.ts";
import { dryRun, streamArn, streamId } from "../validation/shape.ts";

interface Input {
  readonly ShardIterator: string;
  readonly Limit?: number | null;
  readonly StreamARN?: string | null;
  readonly DryRun?: boolean | null;
}

/** Source: Kinesis API reference, GetRecords. */
const MAX_RECORDS = 10_000;
const MAX_BYTES = 10 * 1024 * 1024;

/** Reads records of a shard from an iterator on. */
export const getRecords = defineOperation<Input>({
  name: "GetRecords",
  input: {
    Limit: { type: "Integer", min: 1, max: MAX_RECORDS },
    ShardIterator: { type: "String", required: true, minLength: 1, maxLength: 512 },
    StreamARN: streamArn,
    StreamId: streamId,
    DryRun: dryRun,
  },
  run(context, input, request) {
    const { seal, blocks, catalogue, accountId } = context;
    const now = context.now();
    const position = parseShardIterator(seal, now, input.ShardIterator);
    const stream = catalogue.findById(position.streamId);
    const shard = stream?.shards[position.shardIndex];
    if (!stream || !shard) throw shardNotFound(formatShardId(position.shardIndex), position.streamName, accountId);
    if (input.StreamARN != null && resolveStream(context, { StreamARN: input.StreamARN }) !== stream) {
      throw invalidArgument("Invalid ShardIterator."); // Text not confirmed on AWS.
    }

    const notBefore = retentionStart(stream.state, now);
    if (isExpired(shard.state, notBefore)) throw shardNotFound(shard.id, stream.state.name, accountId);
    endDryRun(input);
    if (!shard.limits.read.admit(now)) {
      throw readRateExceeded({ shardId: shard.id, streamName: stream.state.name, accountId });
    }
    const range = { from: position.index, notBefore, maxRecords: input.Limit ?? MAX_RECORDS, maxBytes: MAX_BYTES };
    const encryption = encryptionType(stream) === "KMS" ? "KMS" : undefined;
    const json = request.protocol === "json" ? createRecordsJson({ shard, encryption }) : undefined;
    const slice = json
      ? { ...scanLog(blocks, shard.log, range, json.add), records: [] }
      : readLog(blocks, shard.log, range);
    shard.limits.read.count(slice.bytes, now);
    const ended = shard.state.closed !== undefined && slice.atTip;
    const rest = {
      NextShardIterator: ended ? undefined : formatShardIterator(seal, now, { ...position, index: slice.next }),
      MillisBehindLatest: slice.atTip ? 0 : Math.max(0, now - (slice.lastArrivedAt ?? now)),
      ChildShards: ended ? describeChildren(stream, shard) : undefined,
    };
    if (json) return new SerializedAnswer(json.end(rest));
    return { Records: slice.records.map((record) => describeRecord(stream, shard, record)), ...rest };
  },
});
