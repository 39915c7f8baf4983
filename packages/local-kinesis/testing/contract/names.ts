import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { constraint, expectBroken, expectRefusal } from "./refusal.ts";
import { MIDDLE_HASH_KEY } from "./shards.ts";
import type { Target } from "./target.ts";

/** Operations that take a stream's name or ARN, and what else they need; in an order that one stream of two shards allows. */
const OPERATIONS: readonly (readonly [operation: string, input: object])[] = [
  ["AddTagsToStream", { Tags: { a: "b" } }],
  ["ListTagsForStream", {}],
  ["RemoveTagsFromStream", { TagKeys: ["a"] }],
  ["DescribeStream", {}],
  ["DescribeStreamSummary", {}],
  ["ListShards", {}],
  ["IncreaseStreamRetentionPeriod", { RetentionPeriodHours: 48 }],
  ["DecreaseStreamRetentionPeriod", { RetentionPeriodHours: 24 }],
  ["PutRecord", { PartitionKey: "k", Data: "" }],
  ["PutRecords", { Records: [{ PartitionKey: "k", Data: "" }] }],
  ["MergeShards", { ShardToMerge: "0", AdjacentShardToMerge: "1" }],
  ["SplitShard", { ShardToSplit: "2", NewStartingHashKey: MIDDLE_HASH_KEY }],
  ["UpdateShardCount", { TargetShardCount: 2, ScalingType: "UNIFORM_SCALING" }],
  ["StartStreamEncryption", { EncryptionType: "KMS", KeyId: "alias/key" }],
  ["StopStreamEncryption", { EncryptionType: "KMS", KeyId: "alias/key" }],
  ["DeleteStream", {}],
];

async function expectNotFound(target: Target, address: object, name: string, accountId: string): Promise<void> {
  for (const [operation, input] of OPERATIONS) {
    await expectRefusal(
      target,
      operation,
      { ...address, ...input },
      "ResourceNotFoundException",
      `Stream ${name} under account ${accountId} not found.`,
    );
  }
}

/** How inputs name streams, and what is answered when there is none. */
export const names: Contract = {
  about: "Names and ARNs",
  cases: [
    {
      title: "a stream that does not exist is named in the error, with its account",
      fidelity: "exact",
      note: "kinesalite's tests of each operation",
      async run(target) {
        await expectNotFound(target, { StreamName: "none" }, "none", target.accountId);
      },
    },
    {
      title: "an ARN serves in place of a name, and beside it",
      fidelity: "exact",
      note: "Kinesis API reference: the StreamARN or the StreamName parameter, or both",
      async run(target) {
        const [one, both] = [await target.createStream({ shards: 2 }), await target.createStream({ shards: 2 })];
        for (const [operation, input] of OPERATIONS) {
          for (const address of [{ StreamARN: target.arn(one) }, { StreamName: both, StreamARN: target.arn(both) }]) {
            const { status, body } = await target.call(operation, { ...address, ...input });
            expect({ operation, address, status, error: body.message }).toEqual({
              operation,
              address,
              status: 200,
              error: undefined,
            });
          }
        }
      },
    },
    {
      title: "a stream of another account or region does not exist, and the error names the account of the ARN",
      fidelity: "different",
      note: "on AWS a stream of another account may be shared, and without a share the call is AccessDeniedException",
      async run(target) {
        const StreamName = await target.createStream();
        const ofAccount = target.arn(StreamName).replace(target.accountId, "111111111111");
        await expectNotFound(target, { StreamARN: ofAccount }, StreamName, "111111111111");
        const ofRegion = target.arn(StreamName).replace(target.region, "ap-south-1");
        await expectNotFound(target, { StreamARN: ofRegion }, StreamName, target.accountId);
      },
    },
    {
      title: "neither name nor ARN, or a name and the ARN of another stream, is refused",
      fidelity: "close",
      note: "the errors are not confirmed; kinesalite's recordings are of when the name was required",
      async run(target) {
        const StreamName = await target.createStream();
        const StreamARN = target.arn("other");
        for (const [operation, input] of OPERATIONS.filter(([name]) => name !== "ListShards")) {
          await expectRefusal(
            target,
            operation,
            input,
            "InvalidArgumentException",
            "Either StreamName or StreamARN must be provided.",
          );
        }
        for (const [operation, input] of OPERATIONS) {
          await expectRefusal(
            target,
            operation,
            { StreamName, StreamARN, ...input },
            "InvalidArgumentException",
            `StreamARN ${StreamARN} and StreamName ${StreamName} name different streams.`,
          );
        }
      },
    },
    {
      title: "what is no ARN of a stream is refused by its pattern",
      fidelity: "close",
      note: "the pattern is the API reference's, the words are those of other patterns",
      async run(target) {
        await expectBroken(target, "DescribeStream", { StreamARN: "stream/s" }, [
          constraint(
            "streamARN",
            "'stream/s'",
            "satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+",
          ),
        ]);
      },
    },
    {
      title: "a stream id is checked for its form and names no stream",
      fidelity: "close",
      note: "Kinesis API reference: not implemented, reserved for future use; what AWS answers is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        const StreamId = "abcdefghij0123456789-abc";
        expect((await target.call("DescribeStreamSummary", { StreamName, StreamId })).status).toBe(200);
        await expectRefusal(
          target,
          "DescribeStreamSummary",
          { StreamId },
          "InvalidArgumentException",
          "Either StreamName or StreamARN must be provided.",
        );
        await expectBroken(
          target,
          "PutRecords",
          { StreamName, StreamId: "-", Records: [{ PartitionKey: "k", Data: "" }] },
          [constraint("streamId", "'-'", "satisfy regular expression pattern: [a-z0-9]{20}-[a-z0-9]{3}")],
        );
      },
    },
  ],
};
