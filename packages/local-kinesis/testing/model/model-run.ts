import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from "@aws-sdk/client-kinesis";
import type { GetRecordsCommandOutput } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import { createConsumer } from "./consumer.ts";
import { findLineageFaults } from "./lineage.ts";
import { describeShards, listShards } from "./listing.ts";
import type { ModelWorld } from "./model-world.ts";
import { ITERATOR_LIFETIME_MS, SPLIT_PARTS } from "./schedule.ts";
import type { IteratorType, PutChoice, Step } from "./schedule.ts";
import {
  childrenOf,
  createStreamModel,
  evenRanges,
  hashOf,
  listedShards,
  openShards,
  ownerOf,
  visibleRecords,
  withRecord,
  withRetention,
  withShards,
} from "./stream-model.ts";
import type { HashRange, ModelRecord, ModelShard, StreamModel } from "./stream-model.ts";

/** A stream of the real service beside its model. Each call does the same to both and throws the assertion that fails. */
export interface ModelRun {
  take(step: Step): Promise<void>;
  /** Reads everything there is from every iterator at hand and from every shard. */
  readAll(): Promise<void>;
  /** Has the consumer read on to the end, and compares what it read in all with everything that was put. */
  consumeAll(): Promise<void>;
}

interface HeldIterator {
  readonly token: string;
  readonly shardId: string;
  /** Position of the next record, among all ever put into the shard. */
  readonly position: number;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** So that a schedule stays quick to run. */
const MAX_OPEN_SHARDS = 8;
const StreamName = "stream";

/** Creates the stream and its model. */
export async function startModelRun(world: ModelWorld, shardCount: number): Promise<ModelRun> {
  const { clock } = world;
  await world.client.send(new CreateStreamCommand({ StreamName, ShardCount: shardCount }));
  let model = createStreamModel(await listShards(world.client, StreamName));
  expect(openShards(model).map(rangeOf)).toEqual(evenRanges(shardCount));
  let iterators: readonly HeldIterator[] = [];
  const consumer = createConsumer(world, StreamName);
  const putOrder: ModelRecord[] = [];

  const put = async (choices: readonly PutChoice[], inOneCall: boolean): Promise<void> => {
    const drafts = choices.map((choice, index) => draftOf(model, choice, `text ${putOrder.length + index}`));
    const entries = drafts.map(({ partitionKey, text, explicitHashKey }) => ({
      PartitionKey: partitionKey,
      Data: Buffer.from(text),
      ExplicitHashKey: explicitHashKey?.toString(),
    }));
    const answers: { ShardId?: string | undefined; SequenceNumber?: string | undefined }[] = [];
    if (inOneCall) {
      const answer = await world.client.send(new PutRecordsCommand({ StreamName, Records: entries }));
      expect(answer.FailedRecordCount).toBe(0);
      answers.push(...(answer.Records ?? []));
    } else {
      // As the documentation has it for strict order: each call names the number that the one before was given.
      let SequenceNumberForOrdering = putOrder.at(-1)?.sequenceNumber.toString();
      for (const entry of entries) {
        const input = { StreamName, ...entry, SequenceNumberForOrdering };
        const answer = await world.client.send(new PutRecordCommand(input));
        SequenceNumberForOrdering = answer.SequenceNumber;
        answers.push(answer);
      }
    }
    expect(answers).toHaveLength(drafts.length);
    drafts.forEach(({ partitionKey, text, explicitHashKey = hashOf(partitionKey) }, index) => {
      const { ShardId, SequenceNumber = "" } = answers[index] ?? {};
      const owner = ownerOf(model, explicitHashKey);
      expect(ShardId).toBe(owner.id);
      expect(SequenceNumber).toMatch(/^[1-9]\d{55}$/);
      const sequenceNumber = BigInt(SequenceNumber);
      // What a shard starts with is above everything its parents hold (lineage.ts), so numbers grow over generations too.
      expect(sequenceNumber).toBeGreaterThan(owner.records.at(-1)?.sequenceNumber ?? owner.startingSequenceNumber);
      const record = { partitionKey, text, hashKey: explicitHashKey, arrivedAt: clock.now(), sequenceNumber };
      model = withRecord(model, owner.id, record);
      putOrder.push(record);
    });
  };

  /** Takes over what the service made of a change, once it holds to the rules and its open shards are those expected. */
  const takeOver = async (expected: readonly HashRange[]): Promise<void> => {
    const listed = await listShards(world.client, StreamName);
    expect(findLineageFaults(model, listed)).toEqual([]);
    model = withShards(model, listed, clock.now());
    expect(openShards(model).map(rangeOf)).toEqual(expected.map(rangeOf));
  };

  const split = async (shard: ModelShard, part: bigint): Promise<void> => {
    // The new start is greater than one plus the shard's first hash key and less than its last (SplitShard).
    const [low, high] = [shard.start + 2n, shard.end - 1n];
    if (low > high) return;
    const start = low + (part * (high - low)) / SPLIT_PARTS;
    const parts = [
      { start: shard.start, end: start - 1n },
      { start, end: shard.end },
    ];
    const expected = openShards(model).flatMap((one) => (one === shard ? parts : [one]));
    await world.client.send(
      new SplitShardCommand({ StreamName, ShardToSplit: shard.id, NewStartingHashKey: start.toString() }),
    );
    await takeOver(expected);
  };

  const merge = async (left: ModelShard, right: ModelShard): Promise<void> => {
    const merged = { start: left.start, end: right.end };
    const expected = openShards(model).flatMap((one) => (one === left ? [merged] : one === right ? [] : [one]));
    await world.client.send(
      new MergeShardsCommand({ StreamName, ShardToMerge: left.id, AdjacentShardToMerge: right.id }),
    );
    await takeOver(expected);
  };

  const rescale = async (count: number): Promise<void> => {
    // Nothing is done for the count that a stream has already, whatever its ranges.
    const expected = count === openShards(model).length ? openShards(model) : evenRanges(count);
    await world.client.send(
      new UpdateShardCountCommand({ StreamName, TargetShardCount: count, ScalingType: "UNIFORM_SCALING" }),
    );
    await takeOver(expected);
  };

  const iterate = async (shard: ModelShard, type: IteratorType, choice: number): Promise<HeldIterator> => {
    const { position, input } = placeOf(shard, type, choice);
    const { ShardIterator = "" } = await world.client.send(
      new GetShardIteratorCommand({ StreamName, ShardId: shard.id, ...input }),
    );
    return { token: ShardIterator, shardId: shard.id, position, createdAt: clock.now() };
  };

  /** Reads once. Answers the iterator to go on with, unless that one has expired or its shard is read to its end. */
  const read = async (held: HeldIterator, limit: number | undefined): Promise<HeldIterator | undefined> => {
    const now = clock.now();
    const call = world.client.send(new GetRecordsCommand({ ShardIterator: held.token, Limit: limit }));
    const refusal = refusalOf(model, held, now);
    if (refusal !== undefined) {
      await expect(call).rejects.toMatchObject({ name: refusal });
      return undefined;
    }
    const shard = model.shards.find(({ id }) => id === held.shardId) as ModelShard;
    const visible = visibleRecords(model, shard, held.position, now);
    const expected = visible.slice(0, limit);
    const last = expected.at(-1);
    const isAtTip = expected.length === visible.length;
    const isEnded = isAtTip && shard.closedAt !== undefined;
    const answer = await call;
    expect(recordsOf(answer)).toEqual(expected.map(({ record }) => ({ ...record, hashKey: undefined })));
    expect(answer.MillisBehindLatest).toBe(isAtTip ? 0 : now - (last?.record.arrivedAt ?? now));
    expect(childrenIn(answer)).toEqual(isEnded ? childrenOf(model, shard.id).map(childOf) : undefined);
    expect(answer.NextShardIterator === undefined).toBe(isEnded);
    if (isEnded) return undefined;
    const position = isAtTip ? shard.records.length : (last?.position ?? 0) + 1;
    return { token: answer.NextShardIterator ?? "", shardId: shard.id, position, createdAt: now };
  };

  const readToTip = async (held: HeldIterator): Promise<void> => {
    for (let before = -1, next: HeldIterator | undefined = held; next && next.position !== before;) {
      before = next.position;
      next = await read(next, 4);
    }
  };

  const perform = async (step: Step): Promise<void> => {
    const open = openShards(model);
    switch (step.kind) {
      case "put":
        return put(step.entries, step.inOneCall);
      case "iterate": {
        const shard = pick(listedShards(model, clock.now()), step.shard);
        iterators = [...iterators, await iterate(shard, step.type, step.record)];
        return;
      }
      case "read": {
        if (iterators.length === 0) return;
        const held = pick(iterators, step.iterator);
        const next = await read(held, step.limit);
        iterators = iterators.flatMap((one) => (one === held ? (next ?? []) : one));
        return;
      }
      case "split":
        return open.length < MAX_OPEN_SHARDS ? split(pick(open, step.shard), step.part) : undefined;
      case "merge": {
        if (open.length < 2) return;
        const left = pick(open.slice(0, -1), step.pair);
        return merge(left, open[open.indexOf(left) + 1] as ModelShard);
      }
      case "rescale": {
        // To between half and double the count (UpdateShardCount).
        const lowest = Math.ceil(open.length / 2);
        const highest = Math.min(open.length * 2, MAX_OPEN_SHARDS);
        return rescale(lowest + (step.target % (highest - lowest + 1)));
      }
      case "retain": {
        const input = { StreamName, RetentionPeriodHours: step.hours };
        if (step.hours < model.retentionHours) await world.client.send(new DecreaseStreamRetentionPeriodCommand(input));
        else await world.client.send(new IncreaseStreamRetentionPeriodCommand(input));
        model = withRetention(model, step.hours, clock.now());
        return;
      }
      case "wait":
        return clock.jump(step.ms);
      case "reopen":
        return world.reopen();
      case "consume":
        await consumer.consume(step.shard, step.limit);
    }
  };

  return {
    async take(step) {
      await perform(step);
      const listed = await listShards(world.client, StreamName);
      expect(await describeShards(world.client, StreamName)).toEqual(listed);
      expect(listed.map(({ id }) => id)).toEqual(listedShards(model, clock.now()).map(({ id }) => id));
      expect(findLineageFaults(model, listed)).toEqual([]);
    },
    async readAll() {
      for (const held of iterators) await readToTip(held);
      for (const shard of listedShards(model, clock.now())) await readToTip(await iterate(shard, "TRIM_HORIZON", 0));
    },
    async consumeAll() {
      await consumer.drain();
      expect(byHashKey(consumer.records, putOrder)).toEqual(byHashKey(putOrder, putOrder));
    },
  };
}

function draftOf(model: StreamModel, { key, border }: PutChoice, text: string) {
  const shard = border && pick(openShards(model), border.shard);
  return { partitionKey: `key-${key}`, text, explicitHashKey: border && shard?.[border.edge] };
}

/** Where an iterator of a type stands, as a position and as the service is asked for it. */
function placeOf(
  shard: ModelShard,
  type: IteratorType,
  choice: number,
): {
  readonly position: number;
  readonly input: { ShardIteratorType: IteratorType; StartingSequenceNumber?: string; Timestamp?: Date };
} {
  const chosen = shard.records.length === 0 ? undefined : pick(shard.records, choice);
  if (!chosen || type === "TRIM_HORIZON") return { position: 0, input: { ShardIteratorType: "TRIM_HORIZON" } };
  const position = shard.records.indexOf(chosen);
  const StartingSequenceNumber = chosen.sequenceNumber.toString();
  switch (type) {
    case "LATEST":
      return { position: shard.records.length, input: { ShardIteratorType: type } };
    case "AT_SEQUENCE_NUMBER":
      return { position, input: { ShardIteratorType: type, StartingSequenceNumber } };
    case "AFTER_SEQUENCE_NUMBER":
      return { position: position + 1, input: { ShardIteratorType: type, StartingSequenceNumber } };
    case "AT_TIMESTAMP":
      return {
        position: shard.records.findIndex(({ arrivedAt }) => arrivedAt >= chosen.arrivedAt),
        input: { ShardIteratorType: type, Timestamp: new Date(chosen.arrivedAt) },
      };
  }
}

function refusalOf(model: StreamModel, held: HeldIterator, now: number): string | undefined {
  if (now > held.createdAt + ITERATOR_LIFETIME_MS) return "ExpiredIteratorException";
  return listedShards(model, now).some(({ id }) => id === held.shardId) ? undefined : "ResourceNotFoundException";
}

function recordsOf({ Records }: GetRecordsCommandOutput) {
  return Records?.map(({ PartitionKey, Data, ApproximateArrivalTimestamp, SequenceNumber = "" }) => ({
    partitionKey: PartitionKey,
    text: Buffer.from(Data ?? []).toString(),
    arrivedAt: ApproximateArrivalTimestamp?.getTime(),
    sequenceNumber: BigInt(SequenceNumber),
  }));
}

function childrenIn({ ChildShards }: GetRecordsCommandOutput) {
  return ChildShards?.map(({ ShardId, ParentShards, HashKeyRange }) => ({
    id: ShardId,
    parents: ParentShards,
    start: BigInt(HashKeyRange?.StartingHashKey ?? ""),
    end: BigInt(HashKeyRange?.EndingHashKey ?? ""),
  }));
}

function childOf({ id, parent, adjacentParent, start, end }: ModelShard) {
  return { id, parents: [parent, adjacentParent].filter((one) => one !== undefined), start, end };
}

function rangeOf({ start, end }: HashRange): HashRange {
  return { start, end };
}

/** Texts in their order, by the hash key they were put under: the order that Kinesis keeps. */
function byHashKey(
  entries: readonly { readonly text: string }[],
  records: readonly ModelRecord[],
): Map<bigint | undefined, string[]> {
  const hashKeys = new Map(records.map(({ text, hashKey }) => [text, hashKey]));
  const texts = entries.map(({ text }) => text);
  return Map.groupBy(texts, (text) => hashKeys.get(text));
}

function pick<Item>(items: readonly Item[], choice: number): Item {
  return items[choice % items.length] as Item;
}
