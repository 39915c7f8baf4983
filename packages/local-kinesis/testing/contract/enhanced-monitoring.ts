import {
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { constraint, expectBroken } from "./refusal.ts";
import type { Target } from "./target.ts";

const METRICS = [
  "IncomingBytes",
  "IncomingRecords",
  "OutgoingBytes",
  "OutgoingRecords",
  "WriteProvisionedThroughputExceeded",
  "ReadProvisionedThroughputExceeded",
  "IteratorAgeMilliseconds",
];

async function metricsOf({ client }: Target, StreamName: string): Promise<unknown> {
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  expect(StreamDescriptionSummary?.EnhancedMonitoring).toEqual(StreamDescription?.EnhancedMonitoring);
  return StreamDescription?.EnhancedMonitoring;
}

export const enhancedMonitoring: Contract = {
  about: "EnableEnhancedMonitoring, DisableEnhancedMonitoring",
  cases: [
    {
      title: "turns metrics on and off, tells those before and after, and shows them in descriptions",
      fidelity: "close",
      note: "Kinesis API reference; their order is not confirmed, and nothing is measured",
      async run(target) {
        const StreamName = await target.createStream();
        const enabled = await target.client.send(
          new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ["OutgoingBytes", "IncomingBytes"] }),
        );
        expect(enabled).toMatchObject({
          StreamName,
          StreamARN: target.arn(StreamName),
          CurrentShardLevelMetrics: [],
          DesiredShardLevelMetrics: ["IncomingBytes", "OutgoingBytes"],
        });
        expect(await metricsOf(target, StreamName)).toEqual([
          { ShardLevelMetrics: ["IncomingBytes", "OutgoingBytes"] },
        ]);
        const disabled = await target.client.send(
          new DisableEnhancedMonitoringCommand({
            StreamARN: target.arn(StreamName),
            ShardLevelMetrics: ["IncomingBytes", "IncomingRecords"],
          }),
        );
        expect(disabled).toMatchObject({
          CurrentShardLevelMetrics: ["IncomingBytes", "OutgoingBytes"],
          DesiredShardLevelMetrics: ["OutgoingBytes"],
        });
        expect(await metricsOf(target, StreamName)).toEqual([{ ShardLevelMetrics: ["OutgoingBytes"] }]);
      },
    },
    {
      title: "ALL stands for each of the seven",
      fidelity: "close",
      note: "AWS CLI reference, examples of the two commands; the order there is no order",
      async run(target) {
        const StreamName = await target.createStream();
        const ShardLevelMetrics = ["ALL" as const];
        const enabled = await target.client.send(
          new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics }),
        );
        expect(enabled.DesiredShardLevelMetrics).toEqual(METRICS);
        const disabled = await target.client.send(
          new DisableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics }),
        );
        expect(disabled).toMatchObject({ CurrentShardLevelMetrics: METRICS, DesiredShardLevelMetrics: [] });
        expect(await metricsOf(target, StreamName)).toEqual([{ ShardLevelMetrics: [] }]);
      },
    },
    {
      title: "a stream whose metrics change is UPDATING for a while",
      fidelity: "close",
      note: "clients wait for it (hashicorp/terraform-provider-aws); the time is a setting",
      options: { stateDelayMs: 500 },
      async run(target) {
        const StreamName = await target.createStream();
        await target.clock.advance(500);
        const input = { StreamName, ShardLevelMetrics: ["ALL" as const] };
        await target.client.send(new EnableEnhancedMonitoringCommand(input));
        await expect(target.client.send(new DisableEnhancedMonitoringCommand(input))).rejects.toMatchObject({
          name: "ResourceInUseException",
        });
        await target.clock.advance(500);
        await target.client.send(new DisableEnhancedMonitoringCommand(input));
      },
    },
    {
      title: "takes one to seven metrics, and only those there are",
      fidelity: "close",
      note: "the constraints are the API reference's; how AWS words that of a list's members is known of other services",
      async run(target) {
        const StreamName = await target.createStream();
        for (const operation of ["EnableEnhancedMonitoring", "DisableEnhancedMonitoring"]) {
          await expectBroken(target, operation, { StreamName }, [
            constraint("shardLevelMetrics", "null", "not be null"),
          ]);
          await expectBroken(target, operation, { StreamName, ShardLevelMetrics: [] }, [
            constraint("shardLevelMetrics", "'[]'", "have length greater than or equal to 1"),
          ]);
          await expectBroken(target, operation, { StreamName, ShardLevelMetrics: ["ALL", "Bytes"] }, [
            constraint(
              "shardLevelMetrics",
              "'[ALL, Bytes]'",
              `satisfy constraint: [Member must satisfy enum value set: [${[...METRICS, "ALL"].join(", ")}]]`,
            ),
          ]);
        }
      },
    },
  ],
};
