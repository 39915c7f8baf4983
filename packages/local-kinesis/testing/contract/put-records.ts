import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { put, read } from "./records.ts";
import { constraint, expectBroken, expectRefusal } from "./refusal.ts";

const RECORDED = "kinesalite test/putRecords.js";
const entry = (change: object = {}) => ({ PartitionKey: "k", Data: Buffer.from("x").toString("base64"), ...change });

export const putRecords: Contract = {
  about: "PutRecords",
  overHttp2: true,
  cases: [
    {
      title: "answers for each record in the order of the request, with growing numbers in each shard",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream({ shards: 3 });
        const third = 2n ** 128n / 3n;
        const keys = [
          { PartitionKey: "a" },
          { PartitionKey: "b" },
          { PartitionKey: "e" },
          { PartitionKey: "f" },
          { PartitionKey: "a", ExplicitHashKey: (2n ** 128n - 1n).toString() },
          { PartitionKey: "a", ExplicitHashKey: (third * 2n - 1n).toString() },
          { PartitionKey: "a", ExplicitHashKey: (third * 2n).toString() },
        ];
        const { body } = await target.call("PutRecords", { StreamName, Records: keys.map(entry) });
        expect(body).toEqual({
          FailedRecordCount: 0,
          Records: [0, 1, 2, 1, 2, 1, 2].map((shard) => ({
            ShardId: `shardId-00000000000${shard}`,
            SequenceNumber: expect.stringMatching(/^49\d{54}$/),
          })),
        });
        const numbers = (body.Records as readonly { readonly SequenceNumber: string }[]).map(
          ({ SequenceNumber }) => SequenceNumber,
        );
        for (const positions of [
          [1, 3, 5],
          [2, 4, 6],
        ]) {
          const ofShard = positions.map((position) => numbers[position]);
          expect([...ofShard].sort()).toEqual(ofShard);
        }
      },
    },
    {
      title: "keeps the order of each request under concurrent ones, each record with a number of its own",
      fidelity: "exact",
      note: "Kinesis API reference, PutRecords: numbers increase over time within a shard",
      async run(target) {
        const StreamName = await target.createStream();
        const answers = await Promise.all(
          Array.from({ length: 40 }, (_, batch) => put(target, StreamName, [`${batch}-a`, `${batch}-b`])),
        );
        const pairs = answers.map(({ Records }) => Records?.map(({ SequenceNumber }) => SequenceNumber ?? "") ?? []);
        expect(pairs.every(([first = "", second = ""]) => first < second)).toBe(true);
        const numbers = pairs.flat();
        expect(new Set(numbers).size).toBe(80);
        const { Records } = await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" });
        expect(Records?.map(({ SequenceNumber }) => SequenceNumber)).toEqual([...numbers].sort());
      },
    },
    {
      title: "takes 500 records and refuses 501, and refuses none",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        const records = (count: number) => ({ StreamName, Records: Array.from({ length: count }, () => entry()) });
        const { body } = await target.call("PutRecords", records(500));
        expect([body.FailedRecordCount, (body.Records as unknown[]).length]).toEqual([0, 500]);
        const shown = Array<string>(501).fill("com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310");
        await expectBroken(target, "PutRecords", records(501), [
          constraint("records", `'[${shown.join(", ")}]'`, "have length less than or equal to 500"),
        ]);
        await expectBroken(target, "PutRecords", records(0), [
          constraint("records", "'[]'", "have length greater than or equal to 1"),
        ]);
      },
    },
    {
      title: "stores nothing if one of the records cannot be",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        const ExplicitHashKey = (2n ** 128n).toString();
        await expectRefusal(
          target,
          "PutRecords",
          { StreamName, Records: [entry(), entry({ ExplicitHashKey })] },
          "InvalidArgumentException",
          "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. " +
            `Specified value was ${ExplicitHashKey}`,
        );
        expect((await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" })).texts).toEqual([]);
      },
    },
    {
      title: "takes ten records of 1 MiB in one request and gives them back whole",
      fidelity: "exact",
      note: "Kinesis API reference, PutRecords: 10 MiB a request",
      async run(target) {
        const StreamName = await target.createStream();
        const records = Array.from({ length: 10 }, (_, number) => Buffer.alloc(1_048_575, number));
        await target.client.send(
          new PutRecordsCommand({ StreamName, Records: records.map((Data) => ({ PartitionKey: "k", Data })) }),
        );
        const { Records } = await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" });
        expect(
          Records?.map(({ Data }, number) => Buffer.compare(Data ?? Buffer.alloc(0), records[number] as Buffer)),
        ).toEqual(Array(10).fill(0));
      },
    },
    {
      title: "refuses a request above 10 MiB, and a record above 1 MiB",
      fidelity: "close",
      note: "the limits are the API reference's; the text for a request is of when its limit was 5 MB",
      async run(target) {
        const StreamName = await target.createStream();
        const data = (bytes: number) => Buffer.alloc(bytes).toString("base64");
        await expectRefusal(
          target,
          "PutRecords",
          { StreamName, Records: Array.from({ length: 11 }, () => entry({ Data: data(1_000_000) })) },
          "InvalidArgumentException",
          "Records size exceeds 10 MB limit",
        );
        await expectBroken(target, "PutRecords", { StreamName, Records: [entry(), entry({ Data: data(1_048_577) })] }, [
          constraint(
            "records.2.member.data",
            "'java.nio.HeapByteBuffer[pos=0 lim=1048577 cap=1048577]'",
            "have length less than or equal to 1048576",
          ),
        ]);
        expect((await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" })).texts).toEqual([]);
      },
    },
  ],
};
