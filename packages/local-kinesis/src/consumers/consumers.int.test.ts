import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  ListStreamConsumersCommand,
  ListTagsForResourceCommand,
  RegisterStreamConsumerCommand,
} from "@aws-sdk/client-kinesis";
import { expect, it, onTestFinished } from "vitest";
import { clientOf } from "../../testing/client-of.ts";
import { createHeldClock } from "../../testing/held-clock.ts";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { startLocalKinesis } from "../index.ts";

const StreamARN = "arn:aws:kinesis:eu-west-1:000000000000:stream/s";

async function openDirectory() {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory.remove());
  const clock = createHeldClock();
  const start = async () => {
    const kinesis = await startLocalKinesis({ directory: directory.path, port: 0, clock, stateDelayMs: 500 });
    const client = clientOf(kinesis.url, { maxAttempts: 1 });
    return {
      client,
      async states() {
        const { Consumers = [] } = await client.send(new ListStreamConsumersCommand({ StreamARN }));
        return Object.fromEntries(Consumers.map((shown) => [shown.ConsumerName, shown.ConsumerStatus]));
      },
      async close() {
        client.destroy();
        await kinesis.close();
      },
    };
  };
  return { clock, start };
}

it("keeps consumers, their tags and the states they pass through over restarts", async () => {
  const { clock, start } = await openDirectory();
  const first = await start();
  await first.client.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  await clock.advance(500);
  for (const ConsumerName of ["a", "b"]) {
    await first.client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName, Tags: { team: "t" } }));
  }
  await first.close();

  const second = await start();
  expect(await second.states()).toEqual({ a: "CREATING", b: "CREATING" });
  await clock.advance(500);
  expect(await second.states()).toEqual({ a: "ACTIVE", b: "ACTIVE" });
  await second.client.send(new DeregisterStreamConsumerCommand({ StreamARN, ConsumerName: "a" }));
  expect(await second.states()).toEqual({ a: "DELETING", b: "ACTIVE" });
  await second.close();
  await clock.advance(10_000);

  const third = await start();
  const { Consumers = [] } = await third.client.send(new ListStreamConsumersCommand({ StreamARN }));
  expect(Consumers).toMatchObject([{ ConsumerName: "b", ConsumerStatus: "ACTIVE" }]);
  const tags = await third.client.send(new ListTagsForResourceCommand({ ResourceARN: Consumers[0]?.ConsumerARN }));
  expect(tags.Tags).toEqual([{ Key: "team", Value: "t" }]);
  await third.close();
});

it("forgets consumers whose stream ended while no process ran, also for a stream of the same name", async () => {
  const { clock, start } = await openDirectory();
  const first = await start();
  await first.client.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  await clock.advance(500);
  await first.client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: "a" }));
  await clock.advance(500);
  await first.client.send(new DeleteStreamCommand({ StreamName: "s", EnforceConsumerDeletion: true }));
  await first.close();
  await clock.advance(10_000);

  const second = await start();
  await second.client.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  await clock.advance(500);
  expect(await second.states()).toEqual({});
  await second.client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: "a" }));
  await second.close();
});
