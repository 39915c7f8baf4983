import { describeShard, shownShards } from "../descriptions.ts";
import { invalidArgument, streamNotActive } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { formatPageToken, parsePageToken } from "../page-token.ts";
import { resolveStream } from "../stream-address.ts";
import type { StreamAddress } from "../stream-address.ts";
import { retentionStart, streamStatus } from "../stream.ts";
import type { Shard } from "../stream.ts";
import { shardId, streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly NextToken?: string | null;
  readonly ExclusiveStartShardId?: string | null;
  readonly MaxResults?: number | null;
  readonly ShardFilter?: ShardFilter | null;
}

interface ShardFilter {
  readonly Type: (typeof FILTER_TYPES)[number];
  readonly ShardId?: string | null;
  /** Epoch seconds. */
  readonly Timestamp?: number | null;
}

interface Page {
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
/** Source: Kinesis API reference, ListShards. */
const DEFAULT_MAX_RESULTS = 1000;

/** Lists the shards of a stream, all or those a filter names. */
export const listShards = defineOperation<Input>({
  name: NAME,
  input: {
    ...streamAddress,
    NextToken: { type: "String", minLength: 1, maxLength: 1_048_576 },
    ExclusiveStartShardId: shardId,
    MaxResults: { type: "Integer", min: 1, max: 10_000 },
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
    if (input.NextToken && (input.StreamName || input.StreamARN)) {
      throw invalidArgument("NextToken and StreamName cannot be provided together.");
    }
    if (!input.NextToken && !input.StreamName && !input.StreamARN) {
      throw invalidArgument("Either NextToken or StreamName should be provided.");
    }
    const page = input.NextToken ? parsePageToken<Page>(seal, NAME, now(), input.NextToken) : undefined;
    const stream = resolveStream(context, page ? { StreamName: page.streamName } : input);
    // That it is this error is known from the Kinesis Client Library, which waits when it gets it.
    if (streamStatus(stream.state) === "CREATING") {
      throw streamNotActive(stream.state.name, context.accountId, "CREATING");
    }
    const filter = page ? page.filter : (input.ShardFilter ?? undefined);
    const after = page?.after ?? input.ExclusiveStartShardId ?? "";
    const matches = createFilter(filter, Math.max(stream.state.createdAt, retentionStart(stream.state, now())));
    const shards = shownShards(context, stream).filter((shard) => shard.id > after && matches(shard));
    const shown = shards.slice(0, input.MaxResults ?? DEFAULT_MAX_RESULTS);
    const next: Page = { streamName: stream.state.name, after: shown.at(-1)?.id ?? after, filter };
    return {
      Shards: shown.map(describeShard),
      NextToken: shown.length < shards.length ? formatPageToken(seal, NAME, now(), next) : undefined,
    };
  },
});

/** Source of the meanings: Kinesis API reference, ShardFilter. */
function createFilter(filter: ShardFilter | undefined, horizon: number): (shard: Shard) => boolean {
  if (!filter) return () => true;
  const time = (filter.Timestamp ?? 0) * 1000;
  const openAt = (at: number) => (shard: Shard) =>
    shard.state.openedAt <= at && (shard.state.closed?.at ?? Infinity) > at;
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
