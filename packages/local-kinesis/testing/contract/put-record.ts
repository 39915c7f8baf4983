import { PutRecordCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { FIRST_SHARD, put, read } from "./records.ts";
import { expectRefusal } from "./refusal.ts";
import { fromDigits, partsOf } from "./sequence-numbers.ts";
import { shardsOf } from "./shards.ts";

const RECORDED = "kinesalite test/putRecord.js";

const record = (change: object = {}) => ({ PartitionKey: "a", Data: "", ...change });

export const putRecord: Contract = {
  about: "PutRecord",
  overHttp2: true,
  cases: [
    {
      title: "answers the shard and a sequence number of 56 digits that carries shard, order and second",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream({ shards: 3 });
        const second = target.clock.now() / 1000;
        for (const [PartitionKey, shard] of [
          ["a", 0],
          ["b", 1],
          ["e", 2],
        ] as const) {
          const { body } = await target.call("PutRecord", record({ StreamName, PartitionKey }));
          expect(body).toEqual({
            ShardId: `shardId-00000000000${shard}`,
            SequenceNumber: expect.stringMatching(/^49\d{54}$/),
          });
          expect(partsOf(body.SequenceNumber as string)).toMatchObject({ shard, second });
        }
      },
    },
    {
      title: "numbers the records of a shard one after the other, whoever puts them at once",
      fidelity: "close",
      note: `${RECORDED}; there neighbouring shards share one count`,
      async run(target) {
        const StreamName = await target.createStream();
        const puts = Array.from({ length: 50 }, () =>
          target.client.send(new PutRecordCommand({ StreamName, PartitionKey: "a", Data: Buffer.from("x") })),
        );
        const numbers = (await Promise.all(puts)).map(({ SequenceNumber }) => Number(partsOf(SequenceNumber).index));
        expect(numbers.sort((left, right) => left - right)).toEqual(Array.from(numbers, (_, index) => index + 1));
      },
    },
    {
      title: "takes data of no bytes and gives it back",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        expect((await target.call("PutRecord", record({ StreamName }))).status).toBe(200);
        const page = await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" });
        expect(page.Records?.map(({ PartitionKey, Data }) => [PartitionKey, Data?.length])).toEqual([["a", 0]]);
      },
    },
    {
      title: "puts a record by the MD5 of its key, or by an explicit hash key up to both borders of each shard",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const { client } = target;
        const StreamName = await target.createStream({ shards: 3 });
        for (const { ShardId, HashKeyRange } of await shardsOf(target, StreamName)) {
          for (const ExplicitHashKey of [HashKeyRange?.StartingHashKey, HashKeyRange?.EndingHashKey]) {
            const entry = { PartitionKey: "same", Data: Buffer.from(""), ExplicitHashKey };
            expect(await client.send(new PutRecordCommand({ StreamName, ...entry }))).toMatchObject({ ShardId });
            const many = await client.send(new PutRecordsCommand({ StreamName, Records: [entry] }));
            expect(many.Records?.[0]).toMatchObject({ ShardId });
          }
        }
      },
    },
    {
      title: "refuses an explicit hash key of 2^128",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        const ExplicitHashKey = (2n ** 128n).toString();
        await expectRefusal(
          target,
          "PutRecord",
          record({ StreamName, ExplicitHashKey }),
          "InvalidArgumentException",
          "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. " +
            `Specified value was ${ExplicitHashKey}`,
        );
      },
    },
    {
      title: "takes a sequence number for ordering, also one of another shard, stream or version",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream({ shards: 2 });
        const first = await put(target, StreamName, ["a", "b"]);
        const taken = [
          ...(first.Records ?? []).map(({ SequenceNumber }) => SequenceNumber ?? ""),
          fromDigits("20000000000000000000000000000000000000000000002"),
          fromDigits("20000000000000000000000000000000000000000000001"),
          fromDigits("20000000000000000000000000000000000000800000002"),
        ];
        for (const number of taken) {
          const input = record({ StreamName, SequenceNumberForOrdering: number });
          const { status, body } = await target.call("PutRecord", input);
          expect({ status, number, ShardId: body.ShardId }).toEqual({ status: 200, number, ShardId: FIRST_SHARD });
        }
      },
    },
    {
      title: "refuses a number for ordering that is none, or lies in the future",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        const refused = [
          "20000000000000000000000000000000000000000000000",
          "20000000000000000000000000000000000000000000004",
          "20000000000000000000000000000000000000000000003",
          "30000000000000000000000000000000000000000000001",
          "1ffffffffff7fffffffffffffff000000000007fffffff2",
          "20000000000800000000000000000000000000000000002",
          "13bb2cc3d80000000000000000000000",
          "2ffffffffff7fffffffffffffff000000000007fffffff2",
        ].map(fromDigits);
        await put(target, StreamName, ["later"]);
        const SequenceNumber = (await put(target, StreamName, ["later"])).Records?.[0]?.SequenceNumber ?? "";
        const future = (BigInt(SequenceNumber) + (1000n << 36n)).toString();
        for (const number of [...refused, future]) {
          await expectRefusal(
            target,
            "PutRecord",
            record({ StreamName, SequenceNumberForOrdering: number }),
            "InvalidArgumentException",
            `ExclusiveMinimumSequenceNumber ${number} used in PutRecord on stream ${StreamName} under account ` +
              `${target.accountId} is invalid.`,
          );
        }
      },
    },
    {
      title: "takes a record of 1 MiB, key included, and refuses one that is larger",
      fidelity: "close",
      note: "kinesalite test/putRecord.js has the text for data above the limit; that for data and key together is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        const send = (bytes: number, PartitionKey: string) =>
          target.client.send(new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.alloc(bytes) }));
        await send(1_048_575, "k");
        await expect(send(1_048_577, "k")).rejects.toMatchObject({
          name: "ValidationException",
          message:
            "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1048577 cap=1048577]' at 'data' " +
            "failed to satisfy constraint: Member must have length less than or equal to 1048576",
        });
        await expect(send(1_048_575, "kk")).rejects.toMatchObject({ name: "ValidationException" });
      },
    },
  ],
};
