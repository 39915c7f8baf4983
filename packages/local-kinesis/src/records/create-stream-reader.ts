import type { KinesisContext } from "../context.ts";
import { readLog } from "../log/log-reader.ts";
import { FIRST_INDEX } from "../log/shard-log.ts";
import { parseSequenceNumber } from "./sequence-number.ts";
import { formatStreamArn } from "../streams/stream-address.ts";
import { formatShardId, parseShardId, retentionStart } from "../streams/stream.ts";
import type { Shard, Stream } from "../streams/stream.ts";
import { StreamPositionError } from "./stream-reader.ts";
import type { ReaderShard, StreamReader } from "./stream-reader.ts";

/** The reader, and how the writer tells it of commits. */
export function createStreamReader(context: KinesisContext): StreamReader & { notify(streamName: string): void } {
  const listeners = new Map<string, Set<() => void>>();
  return {
    async describe(streamName) {
      const stream = context.catalogue.find(streamName);
      return stream && { streamName, streamArn: formatStreamArn(context, streamName) };
    },
    async listShards(streamName) {
      return (context.catalogue.find(streamName)?.shards ?? []).map(toReaderShard);
    },
    async read({ streamName, shardId, afterSequenceNumber, maxRecords, maxBytes }) {
      const { stream, shard } = findShard(context, streamName, shardId);
      const { records, atTip } = readLog(context.blocks, shard.log, {
        from: afterSequenceNumber === undefined ? FIRST_INDEX : indexAfter(context, stream, shard, afterSequenceNumber),
        notBefore: retentionStart(stream.state, context.now()),
        maxRecords,
        maxBytes,
      });
      return {
        records: records.map(({ index, arrivedAt, partitionKey, data }) => ({
          sequenceNumber: shard.sequenceNumber(index, arrivedAt),
          partitionKey,
          arrivedAt,
          data,
        })),
        atTip,
        ended: atTip && shard.state.closed !== undefined,
      };
    },
    onAppend(streamName, listener) {
      const set = listeners.get(streamName) ?? new Set();
      listeners.set(streamName, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(streamName) === set) listeners.delete(streamName);
      };
    },
    notify(streamName) {
      for (const listener of listeners.get(streamName) ?? []) listener();
    },
  };
}

function findShard({ catalogue }: KinesisContext, streamName: string, shardId: string) {
  const stream = catalogue.find(streamName);
  if (!stream) throw new Error(`there is no stream ${streamName}`);
  const index = parseShardId(shardId);
  const shard = index === undefined ? undefined : stream.shards[index];
  if (!shard) throw new Error(`stream ${streamName} has no shard ${shardId}`);
  return { stream, shard };
}

/** The index behind a record that was read before. It need not be there any more, if all records from it back are gone too. */
function indexAfter(context: KinesisContext, stream: Stream, shard: Shard, sequenceNumber: string): number {
  const parsed = parseSequenceNumber(sequenceNumber);
  if (parsed?.shardIndex !== shard.state.index || parsed.createdSecond !== shard.state.createdSecond)
    throw new StreamPositionError(stream.state.name, shard.id, sequenceNumber);
  const find = (from: number) =>
    readLog(context.blocks, shard.log, { from, notBefore: 0, maxRecords: 1, maxBytes: 1 }).records[0];
  const found = find(parsed.index);
  if (found?.index === parsed.index && shard.sequenceNumber(found.index, found.arrivedAt) === sequenceNumber)
    return parsed.index + 1;
  const oldest = find(FIRST_INDEX);
  if (oldest !== undefined && oldest.index <= parsed.index)
    throw new StreamPositionError(stream.state.name, shard.id, sequenceNumber);
  return oldest?.index ?? FIRST_INDEX;
}

function toReaderShard({ id, state }: Shard): ReaderShard {
  return {
    shardId: id,
    ...(state.parentIndex === undefined ? {} : { parentShardId: formatShardId(state.parentIndex) }),
    ...(state.adjacentParentIndex === undefined
      ? {}
      : { adjacentParentShardId: formatShardId(state.adjacentParentIndex) }),
    closed: state.closed !== undefined,
  };
}
