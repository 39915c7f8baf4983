import { BrokenBase64Error, blobLength } from "./blob.ts";
import type { BlobInput } from "./blob.ts";
import type { KinesisContext } from "../context.ts";
import { invalidArgument, streamNotFound, validationFailed } from "../errors.ts";
import type { RecordFaultCode } from "../faults/fault-plan.ts";
import { recordFault } from "../faults/record-fault.ts";
import { hashKeyOf, parseHashKey } from "../streams/hash-key.ts";
import { encodeChunks } from "../log/block.ts";
import type { Append } from "../log/log-writer.ts";
import { scaleOnDemand } from "../physics/on-demand.ts";
import { writeRateExceeded } from "../physics/rate-exceeded.ts";
import { findOpenShard, nextShard } from "../streams/stream.ts";
import type { Shard, Stream } from "../streams/stream.ts";
import { checkBase64 } from "../validation/check-types.ts";

/** A record as a request brings it. */
export interface PutEntry {
  readonly Data: BlobInput;
  /** Absent only where the service spreads the records of a stream itself. */
  readonly PartitionKey?: string | null;
  readonly ExplicitHashKey?: string | null;
}

/** What became of one record. */
export type PutOutcome =
  | { readonly shardId: string; readonly sequenceNumber: string }
  | { readonly errorCode: RecordFaultCode; readonly errorMessage: string };

/** The records of a put that one shard takes. */
interface Admitted {
  /** Where they stand in the request. */
  readonly positions: number[];
  /** With keys. */
  bytes: number;
}

/**
 * Stores records and answers for each, in their order, once all are committed. Throws before anything is stored if
 * any of them is one that a stream cannot hold.
 *
 * `pathOf` names a record in errors: `data` or `records.1.member.data`. `failRecord` is asked for each record that the
 * limits admit, in their order, what it fails with all the same.
 */
export async function putEntries(
  context: KinesisContext,
  { state: { id, name } }: Stream,
  entries: readonly PutEntry[],
  pathOf: (position: number) => string,
  failRecord?: () => RecordFaultCode | undefined,
): Promise<PutOutcome[]> {
  const hold = () => context.catalogue.held(id);
  for (let held = hold(); held; held = hold()) await held;
  const stream = context.catalogue.findById(id);
  if (!stream) throw streamNotFound(name, context.accountId);
  const isSpread = stream.state.recordDistribution === "AUTO";
  if (!isSpread) checkKeys(entries, pathOf);
  const maxBytes = stream.state.maxRecordSizeKiB * 1024;
  const sizes = entries.map((entry, position) => {
    const size = blobLength(entry.Data) + Buffer.byteLength(entry.PartitionKey ?? "");
    if (size > maxBytes) throw recordTooLarge(entry, pathOf(position), maxBytes);
    return size;
  });
  const targets = entries.map((entry) => (isSpread ? nextShard(stream) : findOpenShard(stream, hashKeyFor(entry))));

  const now = context.now();
  const outcomes = new Array<PutOutcome>(entries.length);
  const byShard = new Map<Shard, Admitted>();
  targets.forEach((shard, position) => {
    const size = sizes[position] as number;
    if (!shard.limits.write.admit(size, now)) {
      const { accountId } = context;
      outcomes[position] = writeRateExceeded({ shardId: shard.id, streamName: stream.state.name, accountId });
      return;
    }
    const fault = failRecord?.();
    if (fault !== undefined) {
      const { accountId } = context;
      outcomes[position] = recordFault(fault, { shardId: shard.id, streamName: stream.state.name, accountId });
      return;
    }
    const admitted = byShard.get(shard);
    if (admitted) {
      admitted.positions.push(position);
      admitted.bytes += size;
    } else {
      byShard.set(shard, { positions: [position], bytes: size });
    }
  });

  const appends: (Append & { readonly owner: Shard; readonly positions: readonly number[] })[] = [];
  for (const [owner, { positions }] of byShard) {
    let start = 0;
    for (const chunk of encode(positions.map((position) => entries[position] as PutEntry))) {
      appends.push({ shard: owner.log, chunk, owner, positions: positions.slice(start, start + chunk.count) });
      start += chunk.count;
    }
  }
  const placements = appends.length === 0 ? [] : await context.writer.append(appends);
  placements.forEach(({ firstIndex, arrivedAt }, append) => {
    const { owner, positions } = appends[append] as (typeof appends)[number];
    positions.forEach((position, offset) => {
      outcomes[position] = { shardId: owner.id, sequenceNumber: owner.sequenceNumber(firstIndex + offset, arrivedAt) };
    });
  });
  if (stream.state.mode === "ON_DEMAND") await countTraffic(context, id, byShard, now);
  return outcomes;
}

async function countTraffic(
  context: KinesisContext,
  streamId: number,
  byShard: ReadonlyMap<Shard, Admitted>,
  now: number,
): Promise<void> {
  let isDue = false;
  for (const [{ limits }, { positions, bytes }] of byShard) {
    limits.traffic.count(positions.length, bytes, now);
    isDue ||= limits.traffic.isDueForSplit(now);
  }
  const stream = isDue ? context.catalogue.findById(streamId) : undefined;
  if (stream) await scaleOnDemand(context, stream, now);
}

/** AWS's words of when every record had to have a key; that a stream which needs keys still says it so is not confirmed. */
function checkKeys(entries: readonly PutEntry[], pathOf: (position: number) => string): void {
  const position = entries.findIndex(({ PartitionKey: key }) => key === undefined || key === null);
  if (position < 0) return;
  throw validationFailed(
    `1 validation error detected: Value null at '${pathOf(position).replace(/data$/, "partitionKey")}' failed to satisfy ` +
      "constraint: Member must not be null",
  );
}

function hashKeyFor(entry: PutEntry): string {
  if (entry.ExplicitHashKey === undefined || entry.ExplicitHashKey === null) return hashKeyOf(entry.PartitionKey ?? "");
  const hashKey = parseHashKey(entry.ExplicitHashKey);
  if (hashKey !== undefined) return hashKey;
  throw invalidArgument(
    "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. " +
      `Specified value was ${entry.ExplicitHashKey}`,
  );
}

function encode(entries: readonly PutEntry[]) {
  try {
    return encodeChunks(entries.map(({ PartitionKey: key, Data: data }) => ({ partitionKey: key ?? "", data })));
  } catch (error) {
    if (!(error instanceof BrokenBase64Error)) throw error;
    for (const { Data: data } of entries) if (!(data instanceof Uint8Array)) checkBase64(String(data));
    throw error;
  }
}

/** AWS's words for data above the limit; that the key counts is documented, which words it then uses is not confirmed. */
function recordTooLarge(entry: PutEntry, path: string, maxBytes: number): Error {
  const length = blobLength(entry.Data);
  return validationFailed(
    `1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]' at '${path}' ` +
      `failed to satisfy constraint: Member must have length less than or equal to ${maxBytes}`,
  );
}
