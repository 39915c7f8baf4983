import {
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  ListStreamConsumersCommand,
  ListTagsForResourceCommand,
  RegisterStreamConsumerCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccountSettingsCommand,
  paginateListStreamConsumers,
} from "@aws-sdk/client-kinesis";
import type { Consumer } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import type { Target } from "./target.ts";

const ACCOUNT = "000000000000";
const delayed = { stateDelayMs: 500 };

const arnOf = (StreamName: string) => `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/${StreamName}`;
const secondOf = ({ clock }: Target) => Math.floor(clock.now() / 1000);

async function register({ client }: Target, StreamName: string, ConsumerName: string): Promise<Consumer> {
  const { Consumer } = await client.send(
    new RegisterStreamConsumerCommand({ StreamARN: arnOf(StreamName), ConsumerName }),
  );
  if (!Consumer) throw new Error("no consumer in the answer");
  return Consumer;
}
async function describe({ client }: Target, ConsumerARN: string | undefined) {
  return (await client.send(new DescribeStreamConsumerCommand({ ConsumerARN }))).ConsumerDescription;
}
async function namesOf({ client }: Target, StreamName: string) {
  const { Consumers = [] } = await client.send(new ListStreamConsumersCommand({ StreamARN: arnOf(StreamName) }));
  return Consumers.map(({ ConsumerName }) => ConsumerName);
}

/** Consumers with enhanced fan-out: their registration, states and tags. */
export const consumers: Contract = {
  about: "Consumers",
  cases: [
    {
      title: "a registered consumer has an ARN that ends with the second of its creation, and is CREATING, then ACTIVE",
      fidelity: "close",
      note: "Kinesis API reference, Consumer; the time in CREATING is a setting, on AWS it varies",
      options: delayed,
      async run(target) {
        const StreamName = await target.createStream();
        await target.clock.advance(500);
        const second = secondOf(target);
        const ConsumerARN = `${arnOf(StreamName)}/consumer/reader:${second}`;
        const shown = {
          ConsumerName: "reader",
          ConsumerARN,
          ConsumerStatus: "CREATING",
          ConsumerCreationTimestamp: new Date(second * 1000),
        };
        expect(await register(target, StreamName, "reader")).toEqual(shown);
        expect(await describe(target, ConsumerARN)).toEqual({ ...shown, StreamARN: arnOf(StreamName) });
        await target.clock.advance(499);
        expect(await describe(target, ConsumerARN)).toMatchObject({ ConsumerStatus: "CREATING" });
        await target.clock.advance(1);
        expect(await describe(target, ConsumerARN)).toMatchObject({ ConsumerStatus: "ACTIVE" });
        const { StreamDescriptionSummary } = await target.client.send(new DescribeStreamSummaryCommand({ StreamName }));
        expect(StreamDescriptionSummary?.ConsumerCount).toBe(1);
      },
    },
    {
      title: "a consumer cannot be registered with a stream that is CREATING",
      fidelity: "exact",
      note: "aws/aws-sdk-java-v2#5949",
      options: delayed,
      async run(target) {
        const StreamName = await target.createStream();
        await expect(register(target, StreamName, "reader")).rejects.toMatchObject({
          name: "ResourceInUseException",
          message: `Stream ${StreamName} under account ${ACCOUNT} not ACTIVE or UPDATING, instead in state CREATING`,
        });
      },
    },
    {
      title: "a name is used once among the consumers of a stream, until the one that has it is gone",
      fidelity: "close",
      note: "Kinesis API reference, RegisterStreamConsumer; the text is not confirmed",
      options: delayed,
      async run(target) {
        const StreamName = await target.createStream();
        const other = await target.createStream();
        await target.clock.advance(500);
        const { ConsumerARN } = await register(target, StreamName, "reader");
        await register(target, other, "reader");
        const again = () => register(target, StreamName, "reader");
        await expect(again()).rejects.toMatchObject({ name: "ResourceInUseException" });
        await target.client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
        expect(await describe(target, ConsumerARN)).toMatchObject({ ConsumerStatus: "DELETING" });
        await expect(again()).rejects.toMatchObject({ name: "ResourceInUseException" });
        await target.clock.advance(1000);
        await expect(describe(target, ConsumerARN)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
        expect((await again()).ConsumerARN).not.toBe(ConsumerARN);
        await expect(describe(target, ConsumerARN)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      },
    },
    {
      title: "a consumer is named by its ARN, by its name and its stream's ARN, or by all of them if they agree",
      fidelity: "close",
      note: "Kinesis API reference, DescribeStreamConsumer; the texts of the errors are not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        const { ConsumerARN } = await register(target, StreamName, "reader");
        await register(target, StreamName, "other");
        const StreamARN = arnOf(StreamName);
        const describeBy = (address: { ConsumerARN?: string; ConsumerName?: string; StreamARN?: string }) =>
          target.client.send(new DescribeStreamConsumerCommand(address));
        for (const address of [
          { StreamARN, ConsumerName: "reader" },
          { StreamARN, ConsumerName: "reader", ConsumerARN },
        ]) {
          expect((await describeBy(address as object)).ConsumerDescription).toMatchObject({ ConsumerARN });
        }
        for (const address of [{}, { StreamARN }, { ConsumerName: "reader" }, { ConsumerARN, ConsumerName: "other" }]) {
          await expect(describeBy(address as object)).rejects.toMatchObject({ name: "InvalidArgumentException" });
        }
        await expect(describeBy({ StreamARN, ConsumerName: "nobody" })).rejects.toMatchObject({
          name: "ResourceNotFoundException",
        });
        await target.client.send(new DeregisterStreamConsumerCommand({ StreamARN, ConsumerName: "reader" }));
        expect(await namesOf(target, StreamName)).toEqual(["other"]);
      },
    },
    {
      title: "input that breaks the constraints of the model is refused in AWS's words",
      fidelity: "exact",
      note: "patterns of botocore's kinesis/2013-12-02/service-2.json; the order of several errors is not confirmed",
      async run(target) {
        const answer = await target.raw({
          operation: "RegisterStreamConsumer",
          body: { StreamARN: arnOf("s"), ConsumerName: "no spaces" },
        });
        expect(answer.status).toBe(400);
        expect(JSON.parse(answer.body.toString())).toEqual({
          __type: "ValidationException",
          message:
            "1 validation error detected: Value 'no spaces' at 'consumerName' failed to satisfy constraint: Member must " +
            "satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        });
        const subscribe = await target.raw({ operation: "DescribeStreamConsumer", body: { ConsumerARN: "arn" } });
        expect(JSON.parse(subscribe.body.toString())).toEqual({
          __type: "ValidationException",
          message:
            "1 validation error detected: Value 'arn' at 'consumerARN' failed to satisfy constraint: Member must satisfy " +
            "regular expression pattern: " +
            "^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+",
        });
      },
    },
    {
      title: "consumers are listed in pages, by a token that is good for 300 seconds",
      fidelity: "close",
      note: "Kinesis API reference, ListStreamConsumers; the order, here by name, is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        const names = Array.from({ length: 7 }, (_, position) => `reader-${position}`);
        for (const name of names.toReversed()) await register(target, StreamName, name);
        const seen: (string | undefined)[] = [];
        const pages = paginateListStreamConsumers(
          { client: target.client, pageSize: 3 },
          { StreamARN: arnOf(StreamName) },
        );
        for await (const page of pages) seen.push(...(page.Consumers ?? []).map(({ ConsumerName }) => ConsumerName));
        expect(seen).toEqual(names);

        const list = (input: { MaxResults?: number; NextToken?: string; StreamCreationTimestamp?: Date }) =>
          target.client.send(new ListStreamConsumersCommand({ StreamARN: arnOf(StreamName), ...input }));
        const { NextToken = "" } = await list({ MaxResults: 1 });
        await expect(list({ NextToken, StreamCreationTimestamp: new Date() })).rejects.toMatchObject({
          name: "InvalidArgumentException",
        });
        await target.clock.advance(300_001);
        await expect(list({ NextToken })).rejects.toMatchObject({ name: "ExpiredNextTokenException" });
      },
    },
    {
      title: "StreamCreationTimestamp tells a stream from one of the same name before it",
      fidelity: "close",
      note: "Kinesis API reference, ListStreamConsumers; the error, here ResourceNotFoundException, is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        await register(target, StreamName, "reader");
        const { StreamDescriptionSummary } = await target.client.send(new DescribeStreamSummaryCommand({ StreamName }));
        const list = (StreamCreationTimestamp: Date | undefined) =>
          target.client.send(new ListStreamConsumersCommand({ StreamARN: arnOf(StreamName), StreamCreationTimestamp }));
        expect((await list(StreamDescriptionSummary?.StreamCreationTimestamp)).Consumers).toHaveLength(1);
        await expect(list(new Date(0))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      },
    },
    {
      title: "a stream has at most 20 consumers",
      fidelity: "close",
      note: "Kinesis API reference, RegisterStreamConsumer; the text is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        for (let count = 0; count < 20; count += 1) await register(target, StreamName, `reader-${count}`);
        await expect(register(target, StreamName, "reader-20")).rejects.toMatchObject({
          name: "LimitExceededException",
        });
        await target.client.send(
          new DeregisterStreamConsumerCommand({ StreamARN: arnOf(StreamName), ConsumerName: "reader-0" }),
        );
        await register(target, StreamName, "reader-20");
      },
    },
    {
      title: "an on-demand stream has at most 50 consumers while the account has On-demand Advantage",
      fidelity: "close",
      note: "Kinesis API reference, RegisterStreamConsumer; the text is not confirmed",
      async run(target) {
        const onDemand = await target.createStream({ onDemand: true });
        const provisioned = await target.createStream();
        await target.client.send(
          new UpdateAccountSettingsCommand({ MinimumThroughputBillingCommitment: { Status: "ENABLED" } }),
        );
        const fill = async (StreamName: string, count: number) => {
          for (let number = 0; number < count; number += 1) await register(target, StreamName, `reader-${number}`);
          await expect(register(target, StreamName, "one-more")).rejects.toMatchObject({
            name: "LimitExceededException",
          });
        };
        await fill(provisioned, 20);
        await fill(onDemand, 50);
      },
    },
    {
      title: "at most 5 consumers are CREATING at a time",
      fidelity: "close",
      note: "Kinesis API reference, RegisterStreamConsumer; the text, and that it counts all streams, are not confirmed",
      options: { limits: true, stateDelayMs: 5000 },
      async run(target) {
        const StreamName = await target.createStream();
        const other = await target.createStream();
        await target.clock.advance(5000);
        for (let count = 0; count < 5; count += 1) await register(target, StreamName, `reader-${count}`);
        // Past the rate of the operation.
        await target.clock.advance(4999);
        await expect(register(target, other, "reader")).rejects.toMatchObject({
          name: "LimitExceededException",
          message: expect.stringContaining("CREATING") as unknown,
        });
        await target.clock.advance(1);
        await register(target, other, "reader");
      },
    },
    {
      title: "a consumer bears tags, from its registration on and through its ARN",
      fidelity: "close",
      note: "Kinesis API reference, TagResource; the texts of errors about a consumer's tags are not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        const { Consumer } = await target.client.send(
          new RegisterStreamConsumerCommand({
            StreamARN: arnOf(StreamName),
            ConsumerName: "reader",
            Tags: { team: "a", stage: "test" },
          }),
        );
        const ResourceARN = Consumer?.ConsumerARN;
        await target.client.send(new TagResourceCommand({ ResourceARN, Tags: { team: "b", owner: "c" } }));
        await target.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["stage"] }));
        const tagsOf = async (arn: string | undefined) =>
          (await target.client.send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags;
        expect(await tagsOf(ResourceARN)).toEqual([
          { Key: "owner", Value: "c" },
          { Key: "team", Value: "b" },
        ]);
        expect(await tagsOf(arnOf(StreamName))).toEqual([]);
        await expect(tagsOf(`${arnOf(StreamName)}/consumer/nobody:1`)).rejects.toMatchObject({
          name: "ResourceNotFoundException",
        });
      },
    },
    {
      title: "a stream with consumers is deleted only if that is enforced, and then they are gone with it",
      fidelity: "close",
      note: "text: rebuy-de/aws-nuke#497; that consumers are DELETING as long as their stream is not confirmed",
      options: delayed,
      async run(target) {
        const StreamName = await target.createStream();
        await target.clock.advance(500);
        const { ConsumerARN } = await register(target, StreamName, "reader");
        await target.clock.advance(500);
        await expect(target.client.send(new DeleteStreamCommand({ StreamName }))).rejects.toMatchObject({
          name: "ResourceInUseException",
          message:
            `DeleteStream can’t delete ${ACCOUNT}:${StreamName} because there are consumers associated with this data ` +
            `stream. To delete ${StreamName} anyway, set the EnforceConsumerDeletion parameter to true to force the ` +
            "deletion of all the consumers that are associated with it.",
        });
        await target.client.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }));
        expect(await describe(target, ConsumerARN)).toMatchObject({ ConsumerStatus: "DELETING" });
        await target.clock.advance(500);
        await target.createStream({ name: StreamName });
        await target.clock.advance(500);
        expect(await namesOf(target, StreamName)).toEqual([]);
        await expect(describe(target, ConsumerARN)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      },
    },
  ],
};
