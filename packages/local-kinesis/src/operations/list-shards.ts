import { describeShard, shownShards } from "../streams/descriptions.ts";
import type { KinesisContext } from "../context.ts";
import { invalidArgument, streamNotActive, streamNotFound } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { formatPageToken, parsePageToken } from "../tokens/page-token.ts";
import { resolveGeneration } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { retentionStart, streamStatus } from "../streams/stream.ts";
import type { Shard, Stream } from "../streams/stream.ts";
import { nextToken, pageSize, shardId, streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly NextToken?: string | null;
  readonly ExclusiveStartShardId?: string | null;
  readonly MaxResults?: number | null;
  /** Epoch seconds. */
  readonly StreamCreationTimestamp?: number | null;
  readonly ShardFilter?: ShardFilter | null;
}

interface ShardFilter {
  readonly Type: (typeof FILTER_TYPES)[number];
  readonly ShardId?: string | null;
  /** Epoch seconds. */
  readonly Timestamp?: number | null;
}

interface Page {
  readonly streamId: number;
  readonly streamName: string;
  readonly after: string;
  readonly filter: ShardFilter | undefined;
}

const NAME = "ListShards";
const FILTER_TYPES = [
  "AFTER_SHARD_ID",
  "AT_TRIM_HORIZON",
  "FROM_TRIM_HORIZON",
  "AT_LATEST",
  "AT_TIMESTAMP",
  "FROM_TIMESTAMP",
] as const;
/** The most shards of a page, and how many there are unless fewer are asked for. Source: Kinesis API reference, ListShards. */
const MAX_RESULTS = 1000;
/** What a token stands for, and so cannot come with it. */
const MEMBERS_OF_A_PAGE = ["ExclusiveStartShardId", "StreamCreationTimestamp", "ShardFilter"] as const;

/** Lists the shards of a stream, all or those a filter names. */
export const listShards = defineOperation<Input>({
  name: NAME,
  input: {
    ...streamAddress,
    NextToken: nextToken,
    ExclusiveStartShardId: shardId,
    MaxResults: pageSize,
    StreamCreationTimestamp: { type: "Timestamp" },
    ShardFilter: {
      type: "Structure",
      members: {
        Type: { type: "String", required: true, values: FILTER_TYPES },
        ShardId: shardId,
        Timestamp: { type: "Timestamp" },
      },
    },
  },
  run(context, input) {
    const { seal, now } = context;
    checkCombination(input);
    const page = input.NextToken ? parsePageToken<Page>(seal, NAME, now(), input.NextToken) : undefined;
    const stream = page ? resolvePage(context, page) : resolveGeneration(context, input, input.StreamCreationTimestamp);
    // That it is this error is known from the Kinesis Client Library, which waits when it gets it.
    if (streamStatus(stream.state) === "CREATING") {
      throw streamNotActive(stream.state.name, context.accountId, "CREATING");
    }
    const filter = page ? page.filter : (input.ShardFilter ?? undefined);
    const after = page?.after ?? input.ExclusiveStartShardId ?? "";
    const matches = createFilter(filter, Math.max(stream.state.createdAt, retentionStart(stream.state, now())));
    const shards = shownShards(context, stream).filter((shard) => shard.id > after && matches(shard));
    const shown = shards.slice(0, Math.min(input.MaxResults ?? MAX_RESULTS, MAX_RESULTS));
    const { id: streamId, name: streamName } = stream.state;
    const next: Page = { streamId, streamName, after: shown.at(-1)?.id ?? after, filter };
    return {
      Shards: shown.map(describeShard),
      NextToken: shown.length < shards.length ? formatPageToken(seal, NAME, now(), next) : undefined,
    };
  },
});

/**
 * Texts: mhart/kinesalite:actions/listShards.js, and apache/beam#33478 for ShardFilter; for the two other members it is not
 * confirmed.
 */
function checkCombination(input: Input): void {
  const named = input.StreamName ?? input.StreamARN;
  if (input.NextToken == null) {
    if (named == null) throw invalidArgument("Either NextToken or StreamName should be provided.");
    return;
  }
  if (named != null) throw invalidArgument("NextToken and StreamName cannot be provided together.");
  for (const member of MEMBERS_OF_A_PAGE) {
    if (input[member] != null) throw invalidArgument(`NextToken and ${member} cannot be provided together.`);
  }
}

/** The stream a token was made for: not one of the same name that came after it. */
function resolvePage({ catalogue, accountId }: KinesisContext, { streamId, streamName }: Page): Stream {
  const stream = catalogue.findById(streamId);
  if (!stream) throw streamNotFound(streamName, accountId);
  return stream;
}

/** Source of the meanings: Kinesis API reference, ShardFilter. */
function createFilter(filter: ShardFilter | undefined, horizon: number): (shard: Shard) => boolean {
  if (!filter) return () => true;
  const time = (filter.Timestamp ?? 0) * 1000;
  const openAt = (at: number) => (shard: Shard) =>
    shard.state.openedAt <= at && (shard.state.closed?.at ?? Infinity) >= at;
  switch (filter.Type) {
    case "AT_LATEST":
      return ({ state }) => state.closed === undefined;
    case "AT_TRIM_HORIZON":
      return openAt(horizon);
    case "FROM_TRIM_HORIZON":
      return ({ state }) => (state.closed?.at ?? Infinity) > horizon;
    case "AFTER_SHARD_ID":
      if (!filter.ShardId) throw invalidArgument("ShardId must be provided in ShardFilter of type AFTER_SHARD_ID.");
      return ({ id }) => id > (filter.ShardId ?? "");
    case "AT_TIMESTAMP":
    case "FROM_TIMESTAMP":
      if (filter.Timestamp == null) {
        throw invalidArgument(`Timestamp must be provided in ShardFilter of type ${filter.Type}.`);
      }
      if (filter.Type === "AT_TIMESTAMP") return openAt(time);
      return ({ state }) => (state.closed?.at ?? Infinity) >= time;
  }
}
