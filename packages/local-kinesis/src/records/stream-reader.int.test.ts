import { DeleteStreamCommand, SplitShardCommand } from "@aws-sdk/client-kinesis";
import { expect, it, onTestFinished } from "vitest";
import { FIRST_SHARD, put } from "../../testing/contract/records.ts";
import { MIDDLE_HASH_KEY } from "../../testing/contract/shards.ts";
import { startTarget } from "../../testing/contract/target.ts";

async function start() {
  const [target, stop] = await startTarget();
  onTestFinished(stop);
  return { target, reader: target.kinesis.reader, streamName: await target.createStream() };
}

it("sees what clients put, and hears of it", async () => {
  const { target, reader, streamName } = await start();
  let appends = 0;
  const stop = reader.onAppend(streamName, () => (appends += 1));
  const stored = await put(target, streamName, ["a", "b"]);
  await expect.poll(() => appends).toBe(1);
  stop();
  await put(target, streamName, ["c"]);
  const page = await reader.read({
    streamName,
    shardId: FIRST_SHARD,
    afterSequenceNumber: stored.Records?.[0]?.SequenceNumber ?? "",
    maxRecords: 1,
    maxBytes: 100,
  });
  expect(page).toMatchObject({ atTip: false, ended: false });
  expect(page.records).toMatchObject([
    { sequenceNumber: stored.Records?.[1]?.SequenceNumber, partitionKey: "b", data: Buffer.from("b") },
  ]);
  expect(appends).toBe(1);
});

it("describes streams and their shards, and says when a closed one has been read", async () => {
  const { target, reader, streamName } = await start();
  expect(await reader.describe(streamName)).toEqual({ streamName, streamArn: target.arn(streamName) });
  expect(await reader.describe("none")).toBeUndefined();
  expect(await reader.listShards(streamName)).toEqual([{ shardId: FIRST_SHARD, closed: false }]);
  await put(target, streamName, ["before"]);
  await target.client.send(
    new SplitShardCommand({
      StreamName: streamName,
      ShardToSplit: FIRST_SHARD,
      NewStartingHashKey: MIDDLE_HASH_KEY,
    }),
  );
  expect(await reader.listShards(streamName)).toMatchObject([
    { shardId: FIRST_SHARD, closed: true },
    { parentShardId: FIRST_SHARD, closed: false },
    { parentShardId: FIRST_SHARD, closed: false },
  ]);
  const page = await reader.read({ streamName, shardId: FIRST_SHARD, maxRecords: 5, maxBytes: 1e6 });
  expect(page).toMatchObject({ records: [{ partitionKey: "before" }], atTip: true, ended: true });
});

it("refuses to go on where it was in a stream that was deleted and made again", async () => {
  const { target, reader, streamName } = await start();
  const stored = await put(target, streamName, ["old"]);
  await target.client.send(new DeleteStreamCommand({ StreamName: streamName }));
  await target.createStream({ name: streamName });
  const afterSequenceNumber = stored.Records?.[0]?.SequenceNumber ?? "";
  await expect(
    reader.read({ streamName, shardId: FIRST_SHARD, afterSequenceNumber, maxRecords: 1, maxBytes: 1 }),
  ).rejects.toThrow("is read from its start");
});
