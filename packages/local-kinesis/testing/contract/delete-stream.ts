import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  ListStreamsCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";

export const deleteStream: Contract = {
  about: "DeleteStream",
  cases: [
    {
      title: "answers nothing, and the stream is neither listed nor described any more",
      fidelity: "exact",
      note: "kinesalite test/deleteStream.js",
      async run(target) {
        const StreamName = await target.createStream();
        const answer = await target.raw({ operation: "DeleteStream", body: { StreamName } });
        expect([answer.status, answer.body.toString()]).toEqual([200, ""]);
        expect((await target.client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
        await expect(target.client.send(new DescribeStreamCommand({ StreamName }))).rejects.toMatchObject({
          name: "ResourceNotFoundException",
          message: `Stream ${StreamName} under account ${target.accountId} not found.`,
        });
      },
    },
    {
      title: "takes a stream that is still CREATING, which shows no shards until it is gone",
      fidelity: "exact",
      note: "kinesalite test/deleteStream.js",
      options: { stateDelayMs: 500 },
      async run({ client, clock }) {
        await client.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
        await clock.advance(100);
        await client.send(new DeleteStreamCommand({ StreamName: "s" }));
        const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName: "s" }));
        expect(StreamDescription).toMatchObject({ StreamStatus: "DELETING", Shards: [], HasMoreShards: false });
        await clock.advance(500);
        expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
      },
    },
  ],
};
