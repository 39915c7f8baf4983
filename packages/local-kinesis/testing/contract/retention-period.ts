import { DescribeStreamSummaryCommand, IncreaseStreamRetentionPeriodCommand } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { put, read } from "./records.ts";
import { expectRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

const HOUR_MS = 3_600_000;

async function hoursOf({ client }: Target, StreamName: string) {
  const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  return answer.StreamDescriptionSummary?.RetentionPeriodHours;
}

/** Puts `old`, waits 30 hours, puts `new`. */
async function createStreamOfTwoAges(target: Target): Promise<string> {
  const StreamName = await target.createStream();
  await put(target, StreamName, ["old"]);
  await target.clock.jump(30 * HOUR_MS);
  await put(target, StreamName, ["new"]);
  return StreamName;
}

const oldest = async (target: Target, StreamName: string) =>
  (await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" })).texts;

export const increaseStreamRetentionPeriod: Contract = {
  about: "IncreaseStreamRetentionPeriod",
  cases: [
    {
      title: "answers nothing, takes the period there is already, and records stay that long",
      fidelity: "exact",
      note: "kinesalite test/increaseStreamRetentionPeriod.js",
      async run(target) {
        const StreamName = await target.createStream();
        for (const RetentionPeriodHours of [48, 48]) {
          const body = { StreamName, RetentionPeriodHours };
          const answer = await target.raw({ operation: "IncreaseStreamRetentionPeriod", body });
          expect([answer.status, answer.body.toString()]).toEqual([200, ""]);
        }
        expect(await hoursOf(target, StreamName)).toBe(48);
        await put(target, StreamName, ["a"]);
        await target.clock.jump(47 * HOUR_MS);
        expect(await oldest(target, StreamName)).toEqual(["a"]);
        await target.clock.jump(2 * HOUR_MS);
        expect(await oldest(target, StreamName)).toEqual([]);
      },
    },
    {
      title: "does not bring back what had left already",
      fidelity: "exact",
      note: "Kinesis API reference, IncreaseStreamRetentionPeriod",
      async run(target) {
        const StreamName = await createStreamOfTwoAges(target);
        await target.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
        expect(await oldest(target, StreamName)).toEqual(["new"]);
      },
    },
    {
      title: "refuses less than 24 hours, and less than the period there is",
      fidelity: "exact",
      note: "kinesalite test/increaseStreamRetentionPeriod.js",
      async run(target) {
        const StreamName = await target.createStream();
        const refuse = (RetentionPeriodHours: number, text: string) =>
          expectRefusal(
            target,
            "IncreaseStreamRetentionPeriod",
            { StreamName, RetentionPeriodHours },
            "InvalidArgumentException",
            text,
          );
        await refuse(
          23,
          "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.",
        );
        await target.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 25 }));
        await refuse(
          24,
          `Requested retention period (24 hours) for stream ${StreamName} can not be shorter than existing retention ` +
            "period (25 hours). Use DecreaseRetentionPeriod API.",
        );
      },
    },
    {
      title: "takes 8,760 hours and refuses more",
      fidelity: "close",
      note: "the bound is the API reference's, the text is not confirmed",
      async run(target) {
        const StreamName = await target.createStream();
        await target.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 8760 }));
        expect(await hoursOf(target, StreamName)).toBe(8760);
        await expectRefusal(
          target,
          "IncreaseStreamRetentionPeriod",
          { StreamName, RetentionPeriodHours: 8761 },
          "InvalidArgumentException",
          "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.",
        );
      },
    },
  ],
};

export const decreaseStreamRetentionPeriod: Contract = {
  about: "DecreaseStreamRetentionPeriod",
  cases: [
    {
      title: "answers nothing, and what is too old by the new period cannot be read any more",
      fidelity: "exact",
      note: "kinesalite test/decreaseStreamRetentionPeriod.js; Kinesis API reference",
      async run(target) {
        const StreamName = await target.createStream();
        await target.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
        await put(target, StreamName, ["old"]);
        await target.clock.jump(30 * HOUR_MS);
        await put(target, StreamName, ["new"]);
        expect(await oldest(target, StreamName)).toEqual(["old", "new"]);
        const body = { StreamName, RetentionPeriodHours: 24 };
        const answer = await target.raw({ operation: "DecreaseStreamRetentionPeriod", body });
        expect([answer.status, answer.body.toString()]).toEqual([200, ""]);
        expect(await hoursOf(target, StreamName)).toBe(24);
        expect(await oldest(target, StreamName)).toEqual(["new"]);
      },
    },
    {
      title: "refuses less than 24 hours, and more than the period there is",
      fidelity: "exact",
      note: "kinesalite test/decreaseStreamRetentionPeriod.js",
      async run(target) {
        const StreamName = await target.createStream();
        const refuse = (RetentionPeriodHours: number, text: string) =>
          expectRefusal(
            target,
            "DecreaseStreamRetentionPeriod",
            { StreamName, RetentionPeriodHours },
            "InvalidArgumentException",
            text,
          );
        await refuse(
          23,
          "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.",
        );
        await refuse(
          25,
          `Requested retention period (25 hours) for stream ${StreamName} can not be longer than existing retention ` +
            "period (24 hours). Use IncreaseRetentionPeriod API.",
        );
      },
    },
  ],
};

export const retention: Contract = {
  about: "Retention",
  cases: [
    {
      title: "records past their retention are gone for readers at once",
      fidelity: "exact",
      note: "Kinesis developer guide, data retention: accessible for 24 hours unless told otherwise",
      async run(target) {
        const StreamName = await createStreamOfTwoAges(target);
        expect(await oldest(target, StreamName)).toEqual(["new"]);
      },
    },
    {
      title: "a reader that was left behind goes on with the oldest record there is",
      fidelity: "exact",
      note: "Kinesis developer guide, TRIM_HORIZON",
      async run(target) {
        const StreamName = await target.createStream();
        const stored = await put(target, StreamName, ["1", "2", "3"]);
        await target.clock.jump(25 * HOUR_MS);
        await put(target, StreamName, ["4"]);
        const StartingSequenceNumber = stored.Records?.[1]?.SequenceNumber;
        const input = { StreamName, ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber } as const;
        expect((await read(target, input)).texts).toEqual(["4"]);
      },
    },
  ],
};
