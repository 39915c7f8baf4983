import { SplitShardCommand } from "@aws-sdk/client-kinesis";
import type { GetShardIteratorCommandInput } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { FIRST_SHARD, put, read } from "./records.ts";
import { expectRefusal } from "./refusal.ts";
import { fromDigits } from "./sequence-numbers.ts";
import { MIDDLE_HASH_KEY, shardsOf } from "./shards.ts";
import type { Target } from "./target.ts";

const RECORDED = "kinesalite test/getShardIterator.js";

type Start = Omit<GetShardIteratorCommandInput, "ShardId" | "StreamName">;

const refuse = (target: Target, input: object, text: string | RegExp, type = "InvalidArgumentException") =>
  expectRefusal(target, "GetShardIterator", { ShardId: "shardId-0", ...input }, type, text);

export const getShardIterator: Contract = {
  about: "GetShardIterator",
  overHttp2: true,
  cases: [
    {
      title: "begins at or after a record, at a time, at the oldest or after the latest",
      fidelity: "exact",
      note: "kinesalite test/getRecords.js",
      async run(target) {
        const StreamName = await target.createStream();
        const first = await put(target, StreamName, ["1", "2", "3"]);
        await target.clock.advance(10_000);
        const Timestamp = new Date(target.clock.now() - 5000);
        const second = new Date(target.clock.now());
        await put(target, StreamName, ["4", "5"]);
        await target.clock.advance(1000);
        const StartingSequenceNumber = first.Records?.[1]?.SequenceNumber;
        const texts = async (input: Start) => (await read(target, { StreamName, ...input })).texts.join("");
        expect(await texts({ ShardIteratorType: "TRIM_HORIZON" })).toBe("12345");
        expect(await texts({ ShardIteratorType: "LATEST" })).toBe("");
        expect(await texts({ ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber })).toBe("2345");
        expect(await texts({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber })).toBe("345");
        expect(await texts({ ShardIteratorType: "AT_TIMESTAMP", Timestamp })).toBe("45");
        expect(await texts({ ShardIteratorType: "AT_TIMESTAMP", Timestamp: second })).toBe("45");
        expect(await texts({ ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(0) })).toBe("12345");
        const latest = new Date(target.clock.now());
        expect(await texts({ ShardIteratorType: "AT_TIMESTAMP", Timestamp: latest })).toBe("");
      },
    },
    {
      title: "takes a shard's own starting and ending sequence numbers",
      fidelity: "exact",
      note: "localstack tests/aws/services/kinesis/test_kinesis.py, validated on AWS; the Kinesis Client Library ends at the latter",
      async run(target) {
        const StreamName = await target.createStream();
        await put(target, StreamName, ["1"]);
        await target.client.send(
          new SplitShardCommand({ StreamName, ShardToSplit: FIRST_SHARD, NewStartingHashKey: MIDDLE_HASH_KEY }),
        );
        const range = (await shardsOf(target, StreamName))[0]?.SequenceNumberRange;
        const texts = async (
          ShardIteratorType: Start["ShardIteratorType"],
          StartingSequenceNumber: string | undefined,
        ) => (await read(target, { StreamName, ShardIteratorType, StartingSequenceNumber })).texts;
        expect(await texts("AT_SEQUENCE_NUMBER", range?.StartingSequenceNumber)).toEqual(["1"]);
        expect(await texts("AFTER_SEQUENCE_NUMBER", range?.StartingSequenceNumber)).toEqual(["1"]);
        expect(await texts("AT_SEQUENCE_NUMBER", range?.EndingSequenceNumber)).toEqual([]);
        expect(await texts("AFTER_SEQUENCE_NUMBER", range?.EndingSequenceNumber)).toEqual([]);
      },
    },
    {
      title: "answers an iterator alone, of any prefix of the shard's id and any length of its number",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream({ name: "n".repeat(128) });
        for (const ShardId of ["shardId-000000000000", "shardId-0", "0", "anything-0", "-000"]) {
          const { status, body } = await target.call("GetShardIterator", {
            StreamName,
            ShardId,
            ShardIteratorType: "LATEST",
          });
          expect({ ShardId, status, members: Object.keys(body) }).toEqual({
            ShardId,
            status: 200,
            members: ["ShardIterator"],
          });
          const bytes = Buffer.from(body.ShardIterator as string, "base64");
          expect(bytes.subarray(0, 8).toString("hex")).toBe("0000000000000001");
          expect((body.ShardIterator as string).length).toBeLessThanOrEqual(512);
        }
      },
    },
    {
      title: "names the shard that is missing, also of a stream that does not exist or is CREATING",
      fidelity: "exact",
      note: `${RECORDED}; test/createStream.js`,
      options: { stateDelayMs: 500 },
      async run(target) {
        const StreamName = await target.createStream();
        const ShardIteratorType = "LATEST";
        const missing = (stream: string, shard: string) =>
          `Shard ${shard} in stream ${stream} under account ${target.accountId} does not exist`;
        const unreadable = (stream: string, shard: string) =>
          `Could not find shard ${shard} in stream ${stream} under account ${target.accountId}.`;
        const type = "ResourceNotFoundException";
        await refuse(target, { StreamName, ShardIteratorType }, missing(StreamName, FIRST_SHARD), type);
        await target.clock.advance(500);
        for (const stream of [StreamName, "none"]) {
          for (const ShardId of ["5", "shardId-5", "any-00005"]) {
            const input = { StreamName: stream, ShardId, ShardIteratorType };
            await refuse(target, input, missing(stream, "shardId-000000000005"), type);
          }
          for (const ShardId of ["2147483648", "shardId-002147483648", "ABKLFD8", "2.14E4"]) {
            await refuse(target, { StreamName: stream, ShardId, ShardIteratorType }, unreadable(stream, ShardId), type);
          }
        }
      },
    },
    {
      title: "needs a sequence number where the type is about one, and takes none elsewhere",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        const text = (end: string) =>
          "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or " +
          `(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${end} StartingSequenceNumber.`;
        for (const ShardIteratorType of ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"]) {
          await refuse(target, { StreamName, ShardIteratorType }, text(`${ShardIteratorType} and no`));
        }
        for (const ShardIteratorType of ["LATEST", "TRIM_HORIZON"]) {
          const input = { StreamName, ShardIteratorType, StartingSequenceNumber: "5" };
          await refuse(target, input, text(`${ShardIteratorType} and also a`));
        }
      },
    },
    {
      title: "refuses a sequence number of another shard, and one that is none",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream({ shards: 2 });
        const stored = await put(target, StreamName, ["a", "b", "e", "f"]);
        const other = stored.Records?.find(({ ShardId }) => ShardId === "shardId-000000000001")?.SequenceNumber ?? "";
        const at = (StartingSequenceNumber: string) => ({
          StreamName,
          ShardIteratorType: "AT_SEQUENCE_NUMBER",
          StartingSequenceNumber,
        });
        const encodes = (shard: string) =>
          `Invalid StartingSequenceNumber. It encodes ${shard}, while it was used in a call to a shard with ${FIRST_SHARD}`;
        await refuse(target, at(other), encodes("shardId-000000000001"));
        await refuse(target, at("5"), encodes("shardId-000000000005"));
        await refuse(
          target,
          at(fromDigits("20000000000000000000000000000000000000800000002")),
          encodes("shardId--02147483648"),
        );
        for (const number of [
          fromDigits("13bb2cc3d80000000000000000000000"),
          fromDigits("20000000000800000000000000000000000000000000002"),
        ]) {
          await refuse(
            target,
            at(number),
            `StartingSequenceNumber ${number} used in GetShardIterator on shard ${FIRST_SHARD} in stream ${StreamName} ` +
              `under account ${target.accountId} is invalid.`,
          );
        }
      },
    },
    {
      title: "refuses the number 0 with InvalidArgumentException",
      fidelity: "different",
      note: "AWS fails with InternalFailure, status 500 (kinesalite test/getShardIterator.js)",
      async run(target) {
        const StreamName = await target.createStream();
        await refuse(
          target,
          { StreamName, ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: "0" },
          /^StartingSequenceNumber 0 used in GetShardIterator on shard shardId-000000000000 .* is invalid/,
        );
      },
    },
    {
      title: "needs a time for AT_TIMESTAMP, which does not lie in the future",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const StreamName = await target.createStream();
        const now = target.clock.now();
        await refuse(
          target,
          { StreamName, ShardIteratorType: "AT_TIMESTAMP" },
          "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no " +
            "timestamp parameter.",
        );
        await refuse(
          target,
          { StreamName, ShardIteratorType: "AT_TIMESTAMP", Timestamp: now / 1000 + 2 },
          "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. " +
            `timestampInMillis: ${now + 2000}, currentTimestampInMillis: ${now}`,
        );
      },
    },
  ],
};
