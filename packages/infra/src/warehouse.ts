import { Namespace } from "@pulumi/aws-native/redshiftserverless/namespace.js";
import { Workgroup } from "@pulumi/aws-native/redshiftserverless/workgroup.js";
import { UsageLimit } from "@pulumi/aws/redshiftserverless/usageLimit.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  output,
  runtime,
  secret,
} from "@pulumi/pulumi";
import type { Network } from "./network.ts";
import type { WarehouseSettings } from "./settings.ts";
import { tagList } from "./tags.ts";

export interface EventWarehouseArgs {
  readonly settings: WarehouseSettings;
  readonly network: Network;
  /** The role with which the warehouse reads the stream. */
  readonly roleArn: Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether the namespace, which holds the data, is protected and outlives the stack. */
  readonly protectData: boolean;
}

/** Redshift Serverless: the namespace that holds the data, the workgroup that computes, and the limit on what it costs. */
export class EventWarehouse extends ComponentResource {
  readonly namespaceName: Output<string>;
  readonly namespaceArn: Output<string>;
  readonly workgroupName: Output<string>;
  readonly workgroupArn: Output<string>;
  readonly endpointAddress: Output<string>;
  readonly endpointPort: Output<number>;
  /** The secret with which the migrations log in: the one Redshift manages, or the one that was given. */
  readonly adminSecretArn: Output<string>;

  constructor(name: string, args: EventWarehouseArgs, opts?: ComponentResourceOptions) {
    super("millrace:warehouse:EventWarehouse", name, {}, opts);

    const { settings, network } = args;
    const { givenAdmin } = settings;

    const namespace = new Namespace(
      `${name}-namespace`,
      {
        namespaceName: settings.namespaceName,
        dbName: settings.databaseName,
        adminUsername: settings.adminUsername,
        // aws-native does not mark the password as a secret by itself.
        ...(givenAdmin === undefined
          ? { manageAdminPassword: true }
          : { adminUserPassword: secret(givenAdmin.password) }),
        defaultIamRoleArn: args.roleArn,
        iamRoles: [args.roleArn],
        logExports: [...settings.logExports],
        tags: tagList(args.tags),
      },
      {
        parent: this,
        protect: args.protectData,
        retainOnDelete: args.protectData,
        additionalSecretOutputs: ["adminUserPassword"],
      },
    );
    const workgroup = new Workgroup(
      name,
      {
        workgroupName: settings.workgroupName,
        namespaceName: namespace.namespaceName.apply((given) => given ?? settings.namespaceName),
        baseCapacity: settings.baseCapacity,
        maxCapacity: settings.maxCapacity,
        publiclyAccessible: settings.publiclyAccessible,
        enhancedVpcRouting: settings.enhancedVpcRouting,
        subnetIds: [...network.subnetIds],
        securityGroupIds: [...network.securityGroupIds],
        tags: tagList(args.tags),
      },
      // It bears a fixed name and holds no data: a move to another namespace removes it first.
      { parent: this, deleteBeforeReplace: true },
    );
    const workgroupArn = reported(
      workgroup.workgroup.apply((its) => its?.workgroupArn),
      "the workgroup's ARN",
    );
    if (settings.usageLimit !== undefined) {
      new UsageLimit(
        `${name}-usage-limit`,
        {
          resourceArn: workgroupArn,
          usageType: "serverless-compute",
          amount: settings.usageLimit.amountRpuHours,
          period: settings.usageLimit.period,
          breachAction: settings.usageLimit.breachAction,
        },
        { parent: this },
      );
    }

    this.namespaceName = namespace.namespaceName.apply((given) => given ?? settings.namespaceName);
    this.namespaceArn = reported(
      namespace.namespace.apply((its) => its?.namespaceArn),
      "the namespace's ARN",
    );
    this.workgroupName = workgroup.workgroupName.apply((given) => given ?? settings.workgroupName);
    this.workgroupArn = workgroupArn;
    this.endpointAddress = reported(
      workgroup.workgroup.apply((its) => its?.endpoint?.address),
      "the workgroup's address",
    );
    this.endpointPort = reported(
      workgroup.workgroup.apply((its) => its?.endpoint?.port),
      "the workgroup's port",
    );
    this.adminSecretArn =
      givenAdmin === undefined
        ? reported(
            namespace.namespace.apply((its) => its?.adminPasswordSecretArn),
            "the secret of the managed password",
          )
        : output(givenAdmin.secretArn);
    this.registerOutputs({ workgroupArn: this.workgroupArn, namespaceArn: this.namespaceArn });
  }
}

/** What AWS reports once a resource is there; a preview may not know it yet. */
function reported<T>(value: Output<T | undefined>, what: string): Output<T> {
  return value.apply((its) => {
    if (its === undefined && !runtime.isDryRun()) throw new Error(`Redshift Serverless did not report ${what}`);
    return its as T;
  });
}
