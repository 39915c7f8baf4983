import { GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { expectRefusal } from "./refusal.ts";

const SHARD = "shardId-000000000000";

export const dryRun: Contract = {
  about: "DryRun",
  cases: [
    {
      title: "a request that would succeed is refused as such and does nothing",
      fidelity: "close",
      note: "the error is the API reference's; its text, and how much AWS checks before, are not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        const wanted = { StreamName, ShardId: SHARD, ShardIteratorType: "TRIM_HORIZON" } as const;
        const { ShardIterator } = await target.client.send(new GetShardIteratorCommand(wanted));
        const record = { PartitionKey: "k", Data: "eA==" };
        for (const [operation, input] of [
          ["PutRecord", { StreamName, ...record }],
          ["PutRecords", { StreamName, Records: [record] }],
          ["GetShardIterator", wanted],
          ["GetRecords", { ShardIterator }],
        ] as const) {
          const text = "The request was rejected because the DryRun parameter was specified.";
          await expectRefusal(target, operation, { ...input, DryRun: true }, "DryRunOperationException", text);
          expect((await target.call(operation, { ...input, DryRun: false })).status).toBe(200);
        }
        expect((await target.client.send(new GetRecordsCommand({ ShardIterator }))).Records).toHaveLength(2);
      },
    },
    {
      title: "a request that would fail is refused as it would be",
      fidelity: "close",
      note: "Kinesis API reference: it checks whether the request will succeed",
      async run(target) {
        await expectRefusal(
          target,
          "PutRecord",
          { StreamName: "none", PartitionKey: "k", Data: "eA==", DryRun: true },
          "ResourceNotFoundException",
          `Stream none under account ${target.accountId} not found.`,
        );
      },
    },
  ],
};
