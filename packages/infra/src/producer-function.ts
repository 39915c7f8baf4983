import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import {
  asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  interpolate,
  type Output,
} from "@pulumi/pulumi";
import { producerPolicy } from "./policies.ts";
import { ServiceRole } from "./roles.ts";

export interface ProducerFunctionArgs {
  /** Physical name: people invoke it, and its log group bears it. */
  readonly functionName: string;
  readonly accountId: Input<string>;
  readonly region: string;
  readonly streamName: Input<string>;
  readonly streamArn: Input<string>;
  /** The account's own key that encrypts the stream, if one does. */
  readonly keyArn: Output<string> | undefined;
  /** The bundled handler: an ECMAScript module that exports `handler`. */
  readonly handlerCode: string;
  readonly logRetentionDays: number;
}

/** The Lambda function that puts sample events onto the stream, with its log and the queue of what failed for good. */
export class ProducerFunction extends ComponentResource {
  readonly functionName: Output<string>;
  readonly functionArn: Output<string>;
  readonly roleArn: Output<string>;
  readonly deadLetterArn: Output<string>;

  constructor(name: string, args: ProducerFunctionArgs, opts?: ComponentResourceOptions) {
    super("millrace:producer:ProducerFunction", name, {}, opts);

    const deadLetters = new Queue(
      `${name}-dead-letters`,
      { messageRetentionSeconds: 14 * 24 * 3600, sqsManagedSseEnabled: true },
      { parent: this },
    );
    const logGroup = new LogGroup(
      `${name}-log`,
      { name: `/aws/lambda/${args.functionName}`, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const role = new ServiceRole(
      `${name}-role`,
      {
        description: `Lets ${args.functionName} put records onto its stream`,
        services: ["lambda.amazonaws.com"],
        accountId: args.accountId,
        policy: producerPolicy({
          region: args.region,
          streamArn: args.streamArn,
          ...(args.keyArn === undefined ? {} : { keyArn: args.keyArn }),
          logStreamsArn: interpolate`${logGroup.arn}:*`,
          deadLetterArn: deadLetters.arn,
        }),
      },
      { parent: this },
    );
    const lambda = new LambdaFunction(
      name,
      {
        name: args.functionName,
        description: "Puts sample events onto the Millrace stream",
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        // Text in an archive: neither a path of this machine nor a time gets into the inputs.
        code: new asset.AssetArchive({ "index.mjs": new asset.StringAsset(args.handlerCode) }),
        role: role.arn,
        timeout: 30,
        memorySize: 256,
        environment: { variables: { STREAM_NAME: args.streamName } },
        loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
        deadLetterConfig: { targetArn: deadLetters.arn },
      },
      { parent: this },
    );

    this.functionName = lambda.name;
    this.functionArn = lambda.arn;
    this.roleArn = role.arn;
    this.deadLetterArn = deadLetters.arn;
    this.registerOutputs({ functionName: this.functionName, functionArn: this.functionArn });
  }
}
