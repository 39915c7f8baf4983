import { isDeepStrictEqual } from "node:util";
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListTagsForStreamCommand,
  RemoveTagsFromStreamCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
  type KinesisClient,
  type StreamDescriptionSummary,
  type StreamMode,
} from "@aws-sdk/client-kinesis";
import { localAccountId, localRegion } from "../aws-constants.ts";
import type { Properties } from "../pulumi/property-values.ts";
import { IncompleteResourceError, type ActualResource, type ResourceHandler } from "./resource-handler.ts";
import { fromTagList, toTagList, type Tag } from "./tags.ts";
import { waitUntil } from "./wait-until.ts";

interface StreamInputs {
  readonly name: string;
  readonly retentionPeriodHours?: number;
  readonly shardCount?: number;
  readonly streamModeDetails?: { readonly streamMode: StreamMode };
  readonly streamEncryption?: { readonly encryptionType: "KMS"; readonly keyId: string };
  readonly tags?: readonly Tag[];
}

const emulated = ["name", "retentionPeriodHours", "shardCount", "streamModeDetails", "streamEncryption", "tags"];
const defaultRetentionHours = 24;

/** `aws-native:kinesis:Stream` through the Kinesis API. */
export function makeKinesisStream(client: KinesisClient): ResourceHandler {
  const describe = async (name: string): Promise<StreamDescriptionSummary | undefined> => {
    try {
      return (await client.send(new DescribeStreamSummaryCommand({ StreamName: name }))).StreamDescriptionSummary;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  const settled = (name: string) =>
    waitUntil(
      `Stream ${name} to become active`,
      () => describe(name),
      (summary) => summary?.StreamStatus === "ACTIVE",
    );

  const read = async (id: string): Promise<ActualResource | undefined> => {
    const summary = await describe(id);
    if (!summary) return undefined;
    const { Tags = [] } = await client.send(new ListTagsForStreamCommand({ StreamName: id }));
    return { id, inputs: toInputs(summary, Tags), attributes: { arn: summary.StreamARN } };
  };

  const bring = async (name: string, from: StreamInputs, to: StreamInputs): Promise<void> => {
    for (const change of planChanges(name, from, to)) {
      await client.send(change as never);
      await settled(name);
    }
  };

  return {
    createOnly: ["name"],
    nameKey: "name",
    tagForm: "list",
    check: (inputs) => checkStream(inputs as unknown as StreamInputs),
    async create(inputs, { adopt }) {
      const wanted = inputs as unknown as StreamInputs;
      const mode = modeOf(wanted);
      try {
        await client.send(
          new CreateStreamCommand({
            StreamName: wanted.name,
            StreamModeDetails: { StreamMode: mode },
            ...(mode === "PROVISIONED" ? { ShardCount: wanted.shardCount ?? 1 } : {}),
          }),
        );
      } catch (error) {
        if (!adopt || (error as Error).name !== "ResourceInUseException") throw error;
      }
      const summary = await settled(wanted.name);
      const made = { id: wanted.name, attributes: { arn: summary?.StreamARN } };
      try {
        await bring(wanted.name, ((await read(wanted.name))?.inputs ?? {}) as unknown as StreamInputs, wanted);
      } catch (error) {
        throw new IncompleteResourceError(made, error);
      }
      return made;
    },
    read,
    async update(id, _oldInputs, inputs) {
      const actual = await read(id);
      if (!actual) throw new Error(`Stream ${id} is gone: refresh, then deploy again`);
      await bring(id, actual.inputs as unknown as StreamInputs, inputs as unknown as StreamInputs);
      return actual.attributes;
    },
    async remove(id) {
      // Kinesis refuses to delete a stream that is UPDATING.
      await waitUntil(
        `Stream ${id} to be updated`,
        () => describe(id),
        (summary) => summary?.StreamStatus !== "UPDATING",
      );
      try {
        await client.send(new DeleteStreamCommand({ StreamName: id, EnforceConsumerDeletion: true }));
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      await waitUntil(
        `Stream ${id} to go`,
        () => describe(id),
        (summary) => summary === undefined,
      );
    },
  };
}

function checkStream(inputs: StreamInputs) {
  const unknown = Object.keys(inputs)
    .filter((key) => !emulated.includes(key))
    .map((key) => ({ property: key, reason: `the local Kinesis does not emulate ${key} of a stream` }));
  const isOnDemand = inputs.streamModeDetails?.streamMode === "ON_DEMAND";
  return isOnDemand && inputs.shardCount !== undefined
    ? [...unknown, { property: "shardCount", reason: "a stream in ON_DEMAND mode takes no shardCount" }]
    : unknown;
}

/** The mode asked for; CloudFormation's default is PROVISIONED. */
function modeOf(inputs: StreamInputs): StreamMode {
  return inputs.streamModeDetails?.streamMode ?? "PROVISIONED";
}

function toInputs(summary: StreamDescriptionSummary, tags: Parameters<typeof toTagList>[0]): Properties {
  const mode = summary.StreamModeDetails?.StreamMode ?? "PROVISIONED";
  return {
    name: summary.StreamName,
    retentionPeriodHours: summary.RetentionPeriodHours,
    streamModeDetails: { streamMode: mode },
    ...(mode === "PROVISIONED" ? { shardCount: summary.OpenShardCount } : {}),
    ...(summary.EncryptionType === "KMS" ? { streamEncryption: { encryptionType: "KMS", keyId: summary.KeyId } } : {}),
    ...(tags.length > 0 ? { tags: toTagList(tags) } : {}),
  };
}

/** The calls that take a stream from one set of inputs to another, in an order that the service takes. */
function planChanges(name: string, from: StreamInputs, to: StreamInputs): readonly object[] {
  const StreamName = name;
  const hours = {
    from: from.retentionPeriodHours ?? defaultRetentionHours,
    to: to.retentionPeriodHours ?? defaultRetentionHours,
  };
  const key = { from: from.streamEncryption?.keyId, to: to.streamEncryption?.keyId };
  const tags = { from: fromTagList(from.tags), to: fromTagList(to.tags) };
  const goneTags = Object.keys(tags.from).filter((tag) => !(tag in tags.to));
  const changes: object[] = [];
  if (hours.to > hours.from)
    changes.push(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: hours.to }));
  if (hours.to < hours.from)
    changes.push(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: hours.to }));
  if (key.to && key.to !== key.from)
    changes.push(new StartStreamEncryptionCommand({ StreamName, EncryptionType: "KMS", KeyId: key.to }));
  if (!key.to && key.from)
    changes.push(new StopStreamEncryptionCommand({ StreamName, EncryptionType: "KMS", KeyId: key.from }));
  if (goneTags.length > 0) changes.push(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: goneTags }));
  if (Object.keys(tags.to).length > 0 && !isDeepStrictEqual(tags.from, tags.to))
    changes.push(new AddTagsToStreamCommand({ StreamName, Tags: tags.to }));
  return [...changes, ...planCapacity(name, from, to)];
}

function planCapacity(name: string, from: StreamInputs, to: StreamInputs): readonly object[] {
  const mode = modeOf(to);
  const changes: object[] = [];
  if (mode !== modeOf(from)) {
    // UpdateStreamMode takes an ARN only: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html
    changes.push(new UpdateStreamModeCommand({ StreamARN: streamArn(name), StreamModeDetails: { StreamMode: mode } }));
  }
  if (mode === "PROVISIONED" && to.shardCount !== undefined && to.shardCount !== from.shardCount) {
    changes.push(
      new UpdateShardCountCommand({
        StreamName: name,
        TargetShardCount: to.shardCount,
        ScalingType: "UNIFORM_SCALING",
      }),
    );
  }
  return changes;
}

function streamArn(name: string): string {
  return `arn:aws:kinesis:${localRegion}:${localAccountId}:stream/${name}`;
}

function isNotFound(error: unknown): boolean {
  return (error as Error).name === "ResourceNotFoundException";
}
