import { localAccountId as account, localRegion as region } from "../aws-constants.ts";
import type { Properties } from "../pulumi/property-values.ts";

/**
 * A type that the local cloud records: its inputs are validated and stored, and nothing acts on them. The keys are those of
 * @pulumi/aws 7.48; which of them force a replacement is what the Terraform provider's pages mark "Forces new resource".
 */
export interface RecordedType {
  readonly token: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly createOnly: readonly string[];
  /** The key that names the resource; it is filled in from the logical name when the program gives none. */
  readonly nameKey?: string;
  /** What a generated name starts with, where the service asks for it. */
  readonly namePrefix?: string;
  /** Whether the type carries tags, and so the provider's default tags. */
  readonly hasTags: boolean;
  /** What the resource is known by; `generated` is a random UUID, for types that the service names. */
  id(inputs: Properties, generated: string): string;
  /** What the service adds to the inputs. */
  attributes(inputs: Properties, id: string, createdAt: string): Properties;
}

const arn = (service: string, resource: string, regional = true) =>
  `arn:aws:${service}:${regional ? region : ""}:${account}:${resource}`;
const nameOf = (inputs: Properties) => String(inputs.name);
const lambdaInvokeArn = (functionArn: string) =>
  `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;

/** Every recorded type, by token. */
export const recordedTypes: ReadonlyMap<string, RecordedType> = new Map(
  (
    [
      {
        token: "aws:iam/role:Role",
        required: ["assumeRolePolicy"],
        optional: [
          "description",
          "forceDetachPolicies",
          "inlinePolicies",
          "managedPolicyArns",
          "maxSessionDuration",
          "name",
          "namePrefix",
          "path",
          "permissionsBoundary",
          "tags",
        ],
        createOnly: ["name", "namePrefix", "path"],
        nameKey: "name",
        hasTags: true,
        id: nameOf,
        attributes: (inputs, id, createdAt) => ({
          arn: arn("iam", `role${inputs.path ?? "/"}${id}`, false),
          createDate: createdAt,
          uniqueId: `AROA${Buffer.from(id).toString("hex").toUpperCase().padEnd(17, "0").slice(0, 17)}`,
        }),
      },
      {
        token: "aws:iam/rolePolicy:RolePolicy",
        required: ["policy", "role"],
        optional: ["name", "namePrefix"],
        createOnly: ["name", "namePrefix", "role"],
        nameKey: "name",
        hasTags: false,
        id: (inputs) => `${String(inputs.role)}:${nameOf(inputs)}`,
        attributes: () => ({}),
      },
      {
        token: "aws:kms/key:Key",
        required: [],
        optional: [
          "bypassPolicyLockoutSafetyCheck",
          "customKeyStoreId",
          "customerMasterKeySpec",
          "deletionWindowInDays",
          "description",
          "enableKeyRotation",
          "isEnabled",
          "keyUsage",
          "multiRegion",
          "policy",
          "region",
          "rotationPeriodInDays",
          "tags",
          "xksKeyId",
        ],
        createOnly: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
        hasTags: true,
        id: (_inputs, generated) => generated,
        attributes: (_inputs, id) => ({ arn: arn("kms", `key/${id}`), keyId: id }),
      },
      {
        token: "aws:kms/alias:Alias",
        required: ["targetKeyId"],
        optional: ["name", "namePrefix", "region"],
        createOnly: ["name", "namePrefix"],
        nameKey: "name",
        namePrefix: "alias/",
        hasTags: false,
        id: nameOf,
        attributes: (inputs, id) => {
          const keyId = String(inputs.targetKeyId).replace(/^arn:.*:key\//, "");
          return { arn: arn("kms", id), targetKeyArn: arn("kms", `key/${keyId}`) };
        },
      },
      {
        token: "aws:lambda/function:Function",
        required: ["role"],
        optional: [
          "architectures",
          "code",
          "codeSigningConfigArn",
          "deadLetterConfig",
          "description",
          "environment",
          "ephemeralStorage",
          "fileSystemConfig",
          "handler",
          "imageConfig",
          "imageUri",
          "kmsKeyArn",
          "layers",
          "loggingConfig",
          "memorySize",
          "name",
          "packageType",
          "publish",
          "region",
          "replaceSecurityGroupsOnDestroy",
          "replacementSecurityGroupIds",
          "reservedConcurrentExecutions",
          "runtime",
          "skipDestroy",
          "snapStart",
          "sourceCodeHash",
          "sourceKmsKeyArn",
          "tags",
          "timeout",
          "tracingConfig",
          "vpcConfig",
        ],
        createOnly: ["name", "packageType"],
        nameKey: "name",
        hasTags: true,
        id: nameOf,
        attributes: (_inputs, id, createdAt) => {
          const functionArn = arn("lambda", `function:${id}`);
          return {
            arn: functionArn,
            invokeArn: lambdaInvokeArn(functionArn),
            qualifiedArn: `${functionArn}:$LATEST`,
            qualifiedInvokeArn: lambdaInvokeArn(`${functionArn}:$LATEST`),
            lastModified: createdAt,
            version: "$LATEST",
          };
        },
      },
      {
        token: "aws:cloudwatch/logGroup:LogGroup",
        required: [],
        optional: [
          "deletionProtectionEnabled",
          "kmsKeyId",
          "logGroupClass",
          "name",
          "namePrefix",
          "region",
          "retentionInDays",
          "skipDestroy",
          "tags",
        ],
        createOnly: ["logGroupClass", "name", "namePrefix"],
        nameKey: "name",
        hasTags: true,
        id: nameOf,
        attributes: (_inputs, id) => ({ arn: arn("logs", `log-group:${id}`) }),
      },
      {
        token: "aws:scheduler/schedule:Schedule",
        required: ["flexibleTimeWindow", "scheduleExpression", "target"],
        optional: [
          "actionAfterCompletion",
          "description",
          "endDate",
          "groupName",
          "kmsKeyArn",
          "name",
          "namePrefix",
          "region",
          "scheduleExpressionTimezone",
          "startDate",
          "state",
        ],
        createOnly: ["groupName", "name", "namePrefix"],
        nameKey: "name",
        hasTags: false,
        id: (inputs) => `${String(inputs.groupName ?? "default")}/${nameOf(inputs)}`,
        attributes: (_inputs, id) => ({ arn: arn("scheduler", `schedule/${id}`) }),
      },
      {
        token: "aws:scheduler/scheduleGroup:ScheduleGroup",
        required: [],
        optional: ["name", "namePrefix", "region", "tags"],
        createOnly: ["name", "namePrefix"],
        nameKey: "name",
        hasTags: true,
        id: nameOf,
        attributes: (_inputs, id, createdAt) => ({
          arn: arn("scheduler", `schedule-group/${id}`),
          creationDate: createdAt,
          lastModificationDate: createdAt,
          state: "ACTIVE",
        }),
      },
      {
        token: "aws:sqs/queue:Queue",
        required: [],
        optional: [
          "contentBasedDeduplication",
          "deduplicationScope",
          "delaySeconds",
          "fifoQueue",
          "fifoThroughputLimit",
          "kmsDataKeyReusePeriodSeconds",
          "kmsMasterKeyId",
          "maxMessageSize",
          "messageRetentionSeconds",
          "name",
          "namePrefix",
          "policy",
          "receiveWaitTimeSeconds",
          "redriveAllowPolicy",
          "redrivePolicy",
          "region",
          "sqsManagedSseEnabled",
          "tags",
          "visibilityTimeoutSeconds",
        ],
        createOnly: ["fifoQueue", "name", "namePrefix"],
        nameKey: "name",
        hasTags: true,
        id: (inputs) => `https://sqs.${region}.amazonaws.com/${account}/${nameOf(inputs)}`,
        attributes: (inputs, id) => ({ arn: arn("sqs", nameOf(inputs)), url: id }),
      },
      {
        token: "aws:redshiftserverless/usageLimit:UsageLimit",
        required: ["amount", "resourceArn", "usageType"],
        optional: ["breachAction", "period", "region"],
        createOnly: ["period", "resourceArn", "usageType"],
        hasTags: false,
        id: (_inputs, generated) => generated,
        attributes: (_inputs, id) => ({ arn: arn("redshift-serverless", `usagelimit/${id}`) }),
      },
    ] satisfies readonly RecordedType[]
  ).map((type) => [type.token, type] as const),
);

/**
 * What is wrong with the inputs of a recorded type, by property: required keys that are missing and keys that the type does
 * not have. Values are not looked into.
 */
export function checkRecordedInputs(type: RecordedType, inputs: Properties): { property: string; reason: string }[] {
  const known = new Set([...type.required, ...type.optional, ...(type.hasTags ? ["tagsAll"] : [])]);
  return [
    ...type.required
      .filter((key) => inputs[key] === undefined || inputs[key] === null)
      .map((key) => ({ property: key, reason: `${type.token} requires ${key}` })),
    ...Object.keys(inputs)
      .filter((key) => !known.has(key))
      .map((key) => ({ property: key, reason: `${type.token} has no property ${key}` })),
  ];
}
