import { EventStreamAnswer } from "@millrace/local-wire";
import { resolveConsumerArn } from "../consumers/consumer-address.ts";
import { consumerNotActive } from "../consumers/consumer-errors.ts";
import { consumerStatus } from "../consumers/consumer.ts";
import { endDryRun } from "../dry-run.ts";
import { defineOperation } from "../operation.ts";
import { POSITION_TYPES, findStart } from "../records/starting-position.ts";
import type { StartingPosition } from "../records/starting-position.ts";
import { resolveShard } from "../streams/stream-address.ts";
import { consumerArn, dryRun, sequenceNumber, shardId, streamId } from "../validation/shape.ts";

interface Input {
  readonly ConsumerARN: string;
  readonly ShardId: string;
  readonly StartingPosition: {
    readonly Type: StartingPosition["type"];
    readonly SequenceNumber?: string | null;
    /** Epoch seconds. */
    readonly Timestamp?: number | null;
  };
  readonly DryRun?: boolean | null;
}

/** Sends a consumer the records of a shard as they are committed, for five minutes or until the shard ends. */
export const subscribeToShard = defineOperation<Input>({
  name: "SubscribeToShard",
  input: {
    ConsumerARN: { ...consumerArn, required: true },
    StreamId: streamId,
    ShardId: { ...shardId, required: true },
    StartingPosition: {
      type: "Structure",
      required: true,
      members: {
        Type: { type: "String", required: true, values: POSITION_TYPES },
        SequenceNumber: sequenceNumber,
        Timestamp: { type: "Timestamp" },
      },
    },
    DryRun: dryRun,
  },
  run(context, input, { signal }) {
    const { subscriptions, accountId } = context;
    const { stream, consumer } = resolveConsumerArn(context, input.ConsumerARN);
    if (consumerStatus(consumer) !== "ACTIVE") throw consumerNotActive(consumer, stream.state.name, accountId);
    const shard = resolveShard(context, stream, input.ShardId);
    const { Type: type, SequenceNumber, Timestamp } = input.StartingPosition;
    const position = { type, sequenceNumber: SequenceNumber, timestamp: Timestamp };
    const from = findStart(context, stream, shard, position, "SubscribeToShard");
    const request = { stream, shard, consumer, from, signal };
    subscriptions.check(context, request);
    endDryRun(input);
    return new EventStreamAnswer(subscriptions.open(context, request));
  },
});
