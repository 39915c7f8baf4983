import type { KinesisContext } from "../context.ts";
import { invalidArgument, shardNotFound, shardUnknown, streamNotActive, streamNotFound } from "../errors.ts";
import {
  formatShardId,
  hasBeenActive,
  isCreatedAt,
  isExpired,
  parseShardId,
  retentionStart,
  streamStatus,
} from "./stream.ts";
import type { Shard, Stream } from "./stream.ts";

/** The members by which an input names a stream. */
export interface StreamAddress {
  readonly StreamName?: string | null;
  readonly StreamARN?: string | null;
}

const ARN = /^arn:[^:]+:kinesis:([^:]*):(\d{12}):stream\/([^/]+)$/;

/** The ARN of a stream here. */
export function formatStreamArn({ region, accountId }: KinesisContext, name: string): string {
  return `arn:aws:kinesis:${region}:${accountId}:stream/${name}`;
}

/** The stream an input names, by name or ARN. Throws AWS's error if there is none. */
export function resolveStream(context: KinesisContext, address: StreamAddress): Stream {
  const { name, accountId, isHere } = parseAddress(context, address);
  const stream = isHere ? context.catalogue.find(name) : undefined;
  if (!stream) throw streamNotFound(name, accountId);
  return stream;
}

/**
 * As {@link resolveStream}, but only a stream that was created in a second: with `StreamCreationTimestamp`, epoch seconds, clients
 * tell it from others of its name.
 */
export function resolveGeneration(
  context: KinesisContext,
  address: StreamAddress,
  createdAt: number | null | undefined,
): Stream {
  const stream = resolveStream(context, address);
  const { state } = stream;
  if (createdAt != null && !isCreatedAt(state, createdAt)) throw streamNotFound(state.name, context.accountId);
  return stream;
}

/** As {@link resolveStream}, for operations on records: a stream that has not been ACTIVE is not found yet. */
export function resolveReadyStream(context: KinesisContext, address: StreamAddress): Stream {
  const stream = resolveStream(context, address);
  if (!hasBeenActive(stream.state)) throw streamNotFound(stream.state.name, context.accountId);
  return stream;
}

/** As {@link resolveStream}, for changes of a stream. Throws `ResourceInUseException` unless it is ACTIVE. */
export function resolveActiveStream(context: KinesisContext, address: StreamAddress): Stream {
  const stream = resolveStream(context, address);
  const status = streamStatus(stream.state);
  if (status === "ACTIVE") return stream;
  throw streamNotActive(stream.state.name, context.accountId, status);
}

/**
 * The index in the id of a shard of the stream an input names. Throws AWS's error for an id that none can have, which it
 * reports before it looks for the stream.
 */
export function readShardId(context: KinesisContext, address: StreamAddress, shardId: string): number {
  const index = parseShardId(shardId);
  if (index !== undefined) return index;
  const { name, accountId } = parseAddress(context, address);
  throw shardUnknown(shardId, name, accountId);
}

/** A stream that is there for readers, and a shard of it. Where there is no such stream AWS says that the shard is missing. */
export function resolveReadyShard(
  context: KinesisContext,
  address: StreamAddress,
  shardId: string,
): { readonly stream: Stream; readonly shard: Shard } {
  const index = readShardId(context, address, shardId);
  const { name, accountId, isHere } = parseAddress(context, address);
  const stream = isHere ? context.catalogue.find(name) : undefined;
  if (!stream || !hasBeenActive(stream.state)) throw shardNotFound(formatShardId(index), name, accountId);
  return { stream, shard: resolveShard(context, stream, shardId) };
}

/** A shard of a stream by its id. Throws AWS's error if there is none. */
export function resolveShard(context: KinesisContext, stream: Stream, shardId: string): Shard {
  const { name } = stream.state;
  const index = readShardId(context, { StreamName: name }, shardId);
  const shard = findShard(context, stream, index);
  if (!shard) throw shardNotFound(formatShardId(index), name, context.accountId);
  return shard;
}

/** A shard that takes records. Throws AWS's error if there is none of this id, or if it is closed. */
export function resolveOpenShard(context: KinesisContext, stream: Stream, shardId: string): Shard {
  const { name } = stream.state;
  const index = readShardId(context, { StreamName: name }, shardId);
  const shard = findShard(context, stream, index);
  if (!shard) throw shardUnknown(formatShardId(index), name, context.accountId);
  if (shard.state.closed === undefined) return shard;
  // Text not confirmed on AWS.
  throw invalidArgument(
    `Shard ${shard.id} in stream ${name} under account ${context.accountId} has already been merged or ` +
      "split, and thus is not eligible for merging or splitting.",
  );
}

function findShard({ now }: KinesisContext, { state, shards }: Stream, index: number): Shard | undefined {
  const shard = shards[index];
  return shard && !isExpired(shard.state, retentionStart(state, now())) ? shard : undefined;
}

function parseAddress(context: KinesisContext, { StreamName: name, StreamARN: arn }: StreamAddress) {
  if (arn === undefined || arn === null) {
    // Texts of this function are not confirmed on AWS.
    if (name === undefined || name === null) {
      throw invalidArgument("Either StreamName or StreamARN must be provided.");
    }
    return { name, accountId: context.accountId, isHere: true };
  }
  const [, region, accountId = "", arnName = ""] = ARN.exec(arn) ?? [];
  if (region === undefined) throw invalidArgument(`Invalid StreamARN: ${arn}`);
  if (typeof name === "string" && name !== arnName) {
    throw invalidArgument(`StreamARN ${arn} and StreamName ${name} name different streams.`);
  }
  return { name: arnName, accountId, isHere: region === context.region && accountId === context.accountId };
}
