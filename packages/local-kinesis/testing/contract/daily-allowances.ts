import {
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import type { Target } from "./target.ts";

const HOUR_MS = 3_600_000;
const options = { limits: true };

/** Shows that a change succeeds so many times within a day, and then again when the first is a day old. */
async function showAllowance(
  { clock, accountId }: Target,
  StreamName: string,
  times: number,
  change: (turn: number) => Promise<unknown>,
): Promise<void> {
  for (let turn = 0; turn < times; turn += 1) {
    await change(turn);
    await clock.jump(HOUR_MS / 2);
  }
  await clock.jump(24 * HOUR_MS - (times * HOUR_MS) / 2 - 1);
  await expect(change(times)).rejects.toMatchObject({
    name: "LimitExceededException",
    message: `Rate exceeded for stream ${StreamName} under account ${accountId}.`,
  });
  await clock.jump(1);
  await change(times);
}

export const dailyAllowances: Contract = {
  about: "Changes in 24 hours",
  cases: [
    {
      title: "a stream's capacity mode is switched twice",
      fidelity: "close",
      note: "Kinesis developer guide; the text is reported in aws/aws-cdk#18139; that the mode it has already is no change is not confirmed",
      options,
      async run(target) {
        const StreamName = await target.createStream();
        const StreamARN = target.arn(StreamName);
        const change = (turn: number) =>
          target.client.send(
            new UpdateStreamModeCommand({
              StreamARN,
              StreamModeDetails: { StreamMode: turn % 2 === 0 ? "ON_DEMAND" : "PROVISIONED" },
            }),
          );
        for (let turn = 0; turn < 5; turn += 1) await change(1);
        await showAllowance(target, StreamName, 2, change);
      },
    },
    {
      title: "a stream's shard count is updated ten times",
      fidelity: "close",
      note: "Kinesis API reference, UpdateShardCount; the text is not confirmed",
      options,
      async run(target) {
        const StreamName = await target.createStream();
        await showAllowance(target, StreamName, 10, (turn) =>
          target.client.send(
            new UpdateShardCountCommand({
              StreamName,
              TargetShardCount: turn % 2 === 0 ? 2 : 1,
              ScalingType: "UNIFORM_SCALING",
            }),
          ),
        );
      },
    },
    {
      title: "a stream's encryption is started 25 times, and stopped as often",
      fidelity: "close",
      note: "Kinesis API reference, StartStreamEncryption and StopStreamEncryption; the texts are not confirmed",
      options,
      async run(target) {
        const StreamName = await target.createStream();
        const key = { StreamName, EncryptionType: "KMS", KeyId: "alias/aws/kinesis" } as const;
        await showAllowance(target, StreamName, 25, () => target.client.send(new StartStreamEncryptionCommand(key)));
        await target.clock.jump(24 * HOUR_MS);
        await showAllowance(target, StreamName, 25, () => target.client.send(new StopStreamEncryptionCommand(key)));
      },
    },
  ],
};
