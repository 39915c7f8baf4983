import { CreateStreamCommand, DescribeStreamSummaryCommand, SplitShardCommand } from "@aws-sdk/client-kinesis";
import { expect, it, onTestFinished } from "vitest";
import { clientOf } from "../../testing/client-of.ts";
import { createHeldClock } from "../../testing/held-clock.ts";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { startLocalKinesis } from "../index.ts";

it("goes on after a restart with what was under way", async () => {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory.remove());
  const clock = createHeldClock();
  const start = async () => {
    const kinesis = await startLocalKinesis({ directory: directory.path, port: 0, clock, stateDelayMs: 500 });
    const client = clientOf(kinesis.url);
    const describe = async () => {
      const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: "s" }));
      return answer.StreamDescriptionSummary;
    };
    return { client, describe, close: () => kinesis.close() };
  };

  const first = await start();
  await first.client.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  await first.close();
  await clock.advance(100);

  const second = await start();
  expect(await second.describe()).toMatchObject({ StreamStatus: "CREATING" });
  await clock.advance(400);
  expect(await second.describe()).toMatchObject({ StreamStatus: "ACTIVE", OpenShardCount: 1 });
  await second.client.send(
    new SplitShardCommand({ StreamName: "s", ShardToSplit: "0", NewStartingHashKey: (2n ** 127n).toString() }),
  );
  expect(await second.describe()).toMatchObject({ StreamStatus: "UPDATING", OpenShardCount: 1 });
  await second.close();
  await clock.advance(10_000);

  const third = await start();
  expect(await third.describe()).toMatchObject({ StreamStatus: "ACTIVE", OpenShardCount: 2 });
  await third.close();
});
