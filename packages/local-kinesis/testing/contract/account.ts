import {
  CreateStreamCommand,
  DescribeAccountSettingsCommand,
  DescribeLimitsCommand,
  UpdateAccountSettingsCommand,
} from "@aws-sdk/client-kinesis";
import type { MinimumThroughputBillingCommitmentInputStatus } from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { constraint, expectBroken, expectRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

const HOUR_MS = 3_600_000;

/** Enables or disables the minimum throughput billing commitment, and answers what became of it. */
export async function setCommitment(
  { client }: Target,
  Status: MinimumThroughputBillingCommitmentInputStatus,
): Promise<object | undefined> {
  const MinimumThroughputBillingCommitment = { Status };
  const answer = await client.send(new UpdateAccountSettingsCommand({ MinimumThroughputBillingCommitment }));
  return answer.MinimumThroughputBillingCommitment;
}

const commitmentOf = async ({ client }: Target) =>
  (await client.send(new DescribeAccountSettingsCommand())).MinimumThroughputBillingCommitment;

export const describeLimits: Contract = {
  about: "DescribeLimits",
  cases: [
    {
      title: "tells how many open shards, streams on demand and channels there are, and may be",
      fidelity: "close",
      note:
        "the limits are those of eu-west-1 in the developer guide, quotas and limits; that shards of streams on demand " +
        "do not count is not confirmed",
      async run(target) {
        await target.createStream({ shards: 3 });
        await target.createStream({ onDemand: true });
        expect(await target.client.send(new DescribeLimitsCommand())).toEqual({
          $metadata: expect.anything(),
          ShardLimit: 20_000,
          OpenShardCount: 3,
          OnDemandStreamCount: 1,
          OnDemandStreamCountLimit: 50,
          ChannelCount: 0,
          ChannelCountLimit: 100,
        });
      },
    },
    {
      title: "a stream on demand above the limit is refused",
      fidelity: "close",
      note: "the error is the operations', its text is not confirmed",
      async run(target) {
        for (let index = 0; index < 50; index += 1) await target.createStream({ onDemand: true });
        const StreamARN = target.arn(await target.createStream());
        const StreamModeDetails = { StreamMode: "ON_DEMAND" };
        for (const [operation, input] of [
          ["CreateStream", { StreamName: "s", StreamModeDetails }],
          ["UpdateStreamMode", { StreamARN, StreamModeDetails }],
        ] as const) {
          await expectRefusal(target, operation, input, "LimitExceededException", /on-demand stream limit.*50/);
        }
      },
    },
    {
      title: "of streams that are CREATING or DELETING there may be five at a time",
      fidelity: "exact",
      note: "text with its two spaces: hashicorp/terraform-provider-aws#1339",
      options: { limits: true, stateDelayMs: 500 },
      async run(target) {
        for (let index = 0; index < 5; index += 1) {
          await target.createStream();
          await target.clock.advance(90);
        }
        await expectRefusal(
          target,
          "CreateStream",
          { StreamName: "s", ShardCount: 1 },
          "LimitExceededException",
          "This request would have exceed the limit on the number  of streams that can simultaneously be in CREATING or " +
            `DELETING for the account ${target.accountId}. Limit: 5.`,
        );
        await target.clock.advance(1000);
        await target.client.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
      },
    },
  ],
};

export const accountSettings: Contract = {
  about: "UpdateAccountSettings, DescribeAccountSettings",
  cases: [
    {
      title: "there is no commitment until it is enabled, and then one of at least a day",
      fidelity: "close",
      note: "Kinesis API reference; which dates are shown with which status is not confirmed",
      async run(target) {
        expect(await commitmentOf(target)).toEqual({ Status: "DISABLED" });
        const start = target.clock.now();
        const enabled = {
          Status: "ENABLED",
          StartedAt: new Date(start),
          EarliestAllowedEndAt: new Date(start + 24 * HOUR_MS),
        };
        expect(await setCommitment(target, "ENABLED")).toEqual(enabled);
        await target.clock.jump(HOUR_MS);
        expect(await setCommitment(target, "ENABLED")).toEqual(enabled);
        expect(await commitmentOf(target)).toEqual(enabled);
      },
    },
    {
      title: "a commitment that is disabled within a day ends with that day, unless it is enabled again before",
      fidelity: "close",
      note: "Kinesis API reference, MinimumThroughputBillingCommitmentInput; as above",
      async run(target) {
        const start = target.clock.now();
        await setCommitment(target, "ENABLED");
        expect(await setCommitment(target, "DISABLED")).toMatchObject({ Status: "ENABLED_UNTIL_EARLIEST_ALLOWED_END" });
        expect(await setCommitment(target, "ENABLED")).toMatchObject({ Status: "ENABLED" });
        await setCommitment(target, "DISABLED");
        await target.clock.jump(24 * HOUR_MS - 1);
        expect(await commitmentOf(target)).toMatchObject({ Status: "ENABLED_UNTIL_EARLIEST_ALLOWED_END" });
        await target.clock.jump(1);
        expect(await commitmentOf(target)).toEqual({
          Status: "DISABLED",
          StartedAt: new Date(start),
          EndedAt: new Date(start + 24 * HOUR_MS),
        });
      },
    },
    {
      title: "needs a status",
      fidelity: "close",
      note: "the constraints are the API reference's, their words those of other operations",
      async run(target) {
        await expectBroken(target, "UpdateAccountSettings", {}, [
          constraint("minimumThroughputBillingCommitment", "null", "not be null"),
        ]);
        await expectBroken(
          target,
          "UpdateAccountSettings",
          { MinimumThroughputBillingCommitment: { Status: "ENABLED_UNTIL_EARLIEST_ALLOWED_END" } },
          [
            constraint(
              "minimumThroughputBillingCommitment.status",
              "'ENABLED_UNTIL_EARLIEST_ALLOWED_END'",
              "satisfy enum value set: [ENABLED, DISABLED]",
            ),
          ],
        );
      },
    },
  ],
};
