import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import type { GetRecordsCommandOutput, GetShardIteratorCommandInput } from "@aws-sdk/client-kinesis";
import type { Target } from "./target.ts";

/** The id of a stream's first shard. */
export const FIRST_SHARD = "shardId-000000000000";

/** Puts a record for each text, which is its key and its data, in one request. */
export function put({ client }: Target, StreamName: string, texts: readonly string[]) {
  const Records = texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
  return client.send(new PutRecordsCommand({ StreamName, Records }));
}

/** One answer of `GetRecords`, and the data of its records as text. */
export type Page = GetRecordsCommandOutput & { readonly texts: readonly string[] };

/** Reads once from an iterator of this kind; of the first shard unless told otherwise. */
export async function read(
  target: Target,
  input: Omit<GetShardIteratorCommandInput, "ShardId"> & { readonly ShardId?: string },
  Limit?: number,
): Promise<Page> {
  const iterator = new GetShardIteratorCommand({ ShardId: FIRST_SHARD, ...input });
  return readOn(target, (await target.client.send(iterator)).ShardIterator, Limit);
}

/** Reads once from an iterator. */
export async function readOn({ client }: Target, ShardIterator: string | undefined, Limit?: number): Promise<Page> {
  const answer = await client.send(new GetRecordsCommand({ ShardIterator, Limit }));
  return { ...answer, texts: (answer.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()) };
}

/** Reads every shard of a stream from its oldest record to its end or tip, and answers the texts shard by shard. */
export async function readShards(target: Target, StreamName: string): Promise<Record<string, readonly string[]>> {
  const { Shards } = await target.client.send(new ListShardsCommand({ StreamName }));
  const shards: Record<string, string[]> = {};
  for (const { ShardId = "" } of Shards ?? []) {
    const texts: string[] = (shards[ShardId] = []);
    let page = await read(target, { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" });
    texts.push(...page.texts);
    while (page.NextShardIterator !== undefined && (page.MillisBehindLatest ?? 0) > 0) {
      page = await readOn(target, page.NextShardIterator);
      texts.push(...page.texts);
    }
  }
  return shards;
}
