import type { Catalogue } from "../streams/catalogue.ts";
import type { KinesisContext } from "../context.ts";
import { requestRateExceeded } from "./rate-exceeded.ts";
import { createTokenBucket } from "./token-bucket.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { createUsageMap } from "./usage-map.ts";

/** How often an operation may be called. */
export interface RequestRate {
  /** Calls. */
  readonly perSecond: number;
  /** What they are counted by. */
  readonly per: "account" | "stream" | "consumer and shard";
}

/**
 * The rates of the operations that have one; those on records have theirs by shard. Source: Kinesis API reference, each
 * operation; where that is silent, the developer guide, quotas and limits. The two disagree about ListTagsForStream,
 * MergeShards, RegisterStreamConsumer, RemoveTagsFromStream and SplitShard, which the guide counts by stream; about
 * UpdateShardCount neither says what its 10 calls are counted by.
 */
export const REQUEST_RATES: Readonly<Record<string, RequestRate>> = {
  AddTagsToStream: { perSecond: 5, per: "account" },
  CreateChannel: { perSecond: 5, per: "account" },
  CreateStream: { perSecond: 5, per: "account" },
  DecreaseStreamRetentionPeriod: { perSecond: 5, per: "stream" },
  DeleteChannel: { perSecond: 5, per: "account" },
  DeleteResourcePolicy: { perSecond: 5, per: "account" },
  DeleteStream: { perSecond: 5, per: "account" },
  DeregisterStreamConsumer: { perSecond: 5, per: "stream" },
  DescribeAccountSettings: { perSecond: 5, per: "account" },
  DescribeChannel: { perSecond: 5, per: "account" },
  DescribeLimits: { perSecond: 1, per: "account" },
  DescribeStream: { perSecond: 10, per: "account" },
  DescribeStreamConsumer: { perSecond: 20, per: "stream" },
  DescribeStreamSummary: { perSecond: 20, per: "account" },
  DisableEnhancedMonitoring: { perSecond: 5, per: "stream" },
  EnableEnhancedMonitoring: { perSecond: 5, per: "stream" },
  GetResourcePolicy: { perSecond: 5, per: "account" },
  IncreaseStreamRetentionPeriod: { perSecond: 5, per: "stream" },
  ListChannels: { perSecond: 5, per: "account" },
  ListShards: { perSecond: 1000, per: "stream" },
  ListStreamConsumers: { perSecond: 5, per: "stream" },
  ListStreams: { perSecond: 5, per: "account" },
  ListTagsForStream: { perSecond: 5, per: "account" },
  MergeShards: { perSecond: 5, per: "account" },
  PutResourcePolicy: { perSecond: 5, per: "account" },
  RegisterStreamConsumer: { perSecond: 5, per: "account" },
  RemoveTagsFromStream: { perSecond: 5, per: "account" },
  SplitShard: { perSecond: 5, per: "account" },
  SubscribeToShard: { perSecond: 1, per: "consumer and shard" },
  UpdateAccountSettings: { perSecond: 5, per: "account" },
  UpdateChannel: { perSecond: 5, per: "account" },
  UpdateShardCount: { perSecond: 10, per: "account" },
  UpdateStreamWarmThroughput: { perSecond: 5, per: "account" },
};

/** The rates of all operations, as far as this process has seen calls. */
export interface RequestRates {
  /** Counts a call whose input is understood. Throws `LimitExceededException` if it is one too many. */
  admit(context: CallContext, operation: string, input: Record<string, unknown>): void;
}

/** What there is to know of where a call is made. */
interface CallContext extends Pick<KinesisContext, "now" | "accountId"> {
  readonly catalogue: Pick<Catalogue, "find">;
}

/** Rates of which nothing is used. A second's worth may come at once. */
export function createRequestRates(): RequestRates {
  const usage = createUsageMap<TokenBucket>((bucket, now) => bucket.isFull(now));
  return {
    admit(context, operation, input) {
      const rate = REQUEST_RATES[operation];
      if (!rate) return;
      const { perSecond, per } = rate;
      const name = streamNameOf(input);
      const counted = countedBy(context, per, name, input);
      if (counted === undefined) return;
      const now = context.now();
      const bucket = usage.get(`${operation} ${counted}`, now, () => createTokenBucket({ perSecond }));
      if (!bucket.take(1, now)) throw requestRateExceeded(name, context.accountId);
    },
  };
}

/** What a call is counted by; `undefined` for a stream that there is not, as the operation will say. */
function countedBy(
  { catalogue }: CallContext,
  per: RequestRate["per"],
  streamName: string | undefined,
  input: Record<string, unknown>,
): string | undefined {
  switch (per) {
    case "account":
      return "";
    case "stream":
      // By its number: a stream that follows another of its name has used nothing.
      return streamName === undefined ? undefined : catalogue.find(streamName)?.state.id.toString();
    case "consumer and shard":
      return `${String(input["ConsumerARN"])} ${String(input["ShardId"])}`;
  }
}

/** The stream that an input names, by name or within any ARN; `undefined` if it names none. */
export function streamNameOf(input: Record<string, unknown>): string | undefined {
  if (typeof input["StreamName"] === "string") return input["StreamName"];
  for (const member of ["StreamARN", "ResourceARN", "ConsumerARN"]) {
    const arn = input[member];
    const name = typeof arn === "string" ? /:stream\/([^/]+)/.exec(arn)?.[1] : undefined;
    if (name !== undefined) return name;
  }
  return undefined;
}
