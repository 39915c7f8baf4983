import type { Kinesis } from "../../src/kinesis.ts";
import { validInputs } from "./valid-inputs.ts";
import type { Account } from "./valid-inputs.ts";

const STREAM = "kept";
const ON_DEMAND = "on-demand";
const arnOf = (name: string): string => `arn:aws:kinesis:eu-west-1:000000000000:stream/${name}`;

/** An account for bad requests to be made for, looked at without the wire. */
export interface TestAccount {
  /** Makes it anew: two streams with records, tags, a consumer and a channel, and nothing else. */
  make(): Promise<Account>;
  /** All that there is in it, and how often records came to it, as one text. */
  snapshot(): Promise<string>;
}

/** The account of a Kinesis without limits and delays. */
export function createTestAccount({ service, reader }: Kinesis): TestAccount {
  const watched = new Set<string>();
  let commits = 0;

  async function call<Output = Record<string, string>>(operation: string, input: object): Promise<Output> {
    return (await service.handle({
      operation,
      input: input as Record<string, unknown>,
      protocol: "cbor",
      requestId: "",
      region: "eu-west-1",
      accessKeyId: "local",
      signal: new AbortController().signal,
    })) as Output;
  }

  const clear = async (): Promise<void> => {
    const { ChannelSummaries } = await call<{ ChannelSummaries: { ChannelARN: string }[] }>("ListChannels", {});
    for (const { ChannelARN } of ChannelSummaries) await call("DeleteChannel", { ChannelARN });
    const { StreamNames } = await call<{ StreamNames: string[] }>("ListStreams", { Limit: 10_000 });
    for (const StreamName of StreamNames) await call("DeleteStream", { StreamName, EnforceConsumerDeletion: true });
  };

  return {
    async make() {
      await clear();
      await call("CreateStream", { StreamName: STREAM, ShardCount: 2, Tags: { team: "green" } });
      await call("CreateStream", { StreamName: ON_DEMAND, StreamModeDetails: { StreamMode: "ON_DEMAND" } });
      const { Consumer } = await call<{ Consumer: { ConsumerARN: string } }>("RegisterStreamConsumer", {
        StreamARN: arnOf(STREAM),
        ConsumerName: "reader",
      });
      const { ChannelDescription } = await call<{ ChannelDescription: { ChannelARN: string } }>("CreateChannel", {
        ...validInputs({ onDemandArn: arnOf(ON_DEMAND) } as Account)["CreateChannel"]?.[0],
        ChannelName: "channel",
      });
      await call("PutRecords", {
        StreamName: STREAM,
        Records: Array.from({ length: 10 }, (_, number) => ({
          PartitionKey: String(number),
          Data: Buffer.from(`data of ${number}`),
        })),
      });
      const { SequenceNumber = "" } = await call("PutRecord", {
        StreamName: STREAM,
        PartitionKey: "k",
        ExplicitHashKey: "0",
        Data: Buffer.from("last"),
      });
      const { ShardIterator = "" } = await call("GetShardIterator", {
        StreamName: STREAM,
        ShardId: "shardId-000000000000",
        ShardIteratorType: "TRIM_HORIZON",
      });
      return {
        streamName: STREAM,
        streamArn: arnOf(STREAM),
        consumerArn: Consumer.ConsumerARN,
        onDemandName: ON_DEMAND,
        onDemandArn: arnOf(ON_DEMAND),
        channelArn: ChannelDescription.ChannelARN,
        iterator: ShardIterator,
        sequenceNumber: SequenceNumber,
      };
    },
    async snapshot() {
      const { StreamNames } = await call<{ StreamNames: string[] }>("ListStreams", { Limit: 10_000 });
      const parts: unknown[] = [await call("ListChannels", {}), await call("DescribeAccountSettings", {})];
      for (const StreamName of StreamNames) {
        if (!watched.has(StreamName)) reader.onAppend(StreamName, () => (commits += 1));
        watched.add(StreamName);
        const { StreamDescription } = await call<{ StreamDescription: object }>("DescribeStream", { StreamName });
        const ResourceARN = arnOf(StreamName);
        parts.push(StreamDescription, await call("DescribeStreamSummary", { StreamName }));
        parts.push(
          await call("ListTagsForResource", { ResourceARN }),
          await call("GetResourcePolicy", { ResourceARN }),
        );
        parts.push(await call("ListStreamConsumers", { StreamARN: ResourceARN }));
      }
      return JSON.stringify([commits, parts]);
    },
  };
}
