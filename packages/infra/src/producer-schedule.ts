import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { ScheduleGroup } from "@pulumi/aws/scheduler/scheduleGroup.js";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { invokeFunctionPolicy } from "./policies.ts";
import { ServiceRole } from "./roles.ts";
import type { ProducerSettings } from "./settings.ts";

export interface ProducerScheduleArgs {
  /** Physical name of the schedule's group. */
  readonly groupName: string;
  readonly accountId: Input<string>;
  readonly functionArn: Input<string>;
  /** The queue that keeps invocations which never got through. */
  readonly deadLetterArn: Input<string>;
  readonly settings: ProducerSettings;
}

/** Invokes the producer again and again; there but switched off unless the settings say otherwise. */
export class ProducerSchedule extends ComponentResource {
  constructor(name: string, args: ProducerScheduleArgs, opts?: ComponentResourceOptions) {
    super("millrace:producer:ProducerSchedule", name, {}, opts);

    const { scheduleEnabled, scheduleExpression, scheduleEventCount } = args.settings;

    const group = new ScheduleGroup(`${name}-group`, { name: args.groupName }, { parent: this });
    const role = new ServiceRole(
      `${name}-role`,
      {
        description: `Lets the schedules of ${args.groupName} invoke the producer`,
        services: ["scheduler.amazonaws.com"],
        accountId: args.accountId,
        // The scheduler names the group here, not the schedule (EventBridge Scheduler guide, confused deputy prevention).
        sourceArn: group.arn,
        policy: invokeFunctionPolicy({ functionArn: args.functionArn, deadLetterArn: args.deadLetterArn }),
      },
      { parent: this },
    );
    new Schedule(
      name,
      {
        groupName: group.name,
        state: scheduleEnabled ? "ENABLED" : "DISABLED",
        scheduleExpression,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: args.functionArn,
          roleArn: role.arn,
          input: JSON.stringify({ count: scheduleEventCount }),
          // Sample events are worth nothing once the next ones have come.
          retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
          deadLetterConfig: { arn: args.deadLetterArn },
        },
      },
      { parent: this },
    );

    this.registerOutputs({});
  }
}
