import type { Output } from "@pulumi/pulumi";

/** What a stack tells others; the names are a contract that the command line and the dashboard read. */
export interface StackOutputs {
  readonly stage: string;
  readonly region: string;
  readonly streamName: Output<string>;
  readonly streamArn: Output<string>;
  readonly namespaceName: Output<string>;
  readonly namespaceArn: Output<string>;
  readonly workgroupName: Output<string>;
  readonly workgroupArn: Output<string>;
  readonly endpointAddress: Output<string>;
  readonly endpointPort: Output<number>;
  readonly databaseName: string;
  readonly adminSecretArn: Output<string>;
  readonly redshiftRoleArn: Output<string>;
  readonly producerRoleArn: Output<string>;
  readonly producerFunctionName: Output<string>;
  /** How many migrations the warehouse has. */
  readonly migrationsApplied: Output<number>;
}
