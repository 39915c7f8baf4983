import { streamArn } from "../validation/shape.ts";

const required = { required: true } as const;
const text = { type: "String", ...required, minLength: 1 } as const;
const accountId = { ...text, minLength: 12, maxLength: 12, pattern: "\\d{12}" } as const;
const bucketArn = { ...text, maxLength: 2048, pattern: "arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}" } as const;
const tableName = { ...text, maxLength: 255, pattern: "[0-9a-z_]+" } as const;
const dataFreshness = { type: "Integer" } as const;

const deadLetterQueue = {
  type: "Structure",
  members: {
    BucketARN: bucketArn,
    ExpectedBucketOwner: accountId,
    ErrorOutputPrefix: { type: "String", minLength: 1, maxLength: 512, pattern: "[0-9A-Za-z!\\-_'.*()\\/]+" },
  },
} as const;

/** A channel's name. */
export const channelName = { ...text, maxLength: 128, pattern: "[a-zA-Z0-9_.-]+" } as const;
/** The role that AWS would deliver with. */
export const serviceExecutionRoleArn = {
  ...text,
  maxLength: 512,
  pattern: "arn:aws[-a-z0-9]*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+",
} as const;
/** What is to be delivered. */
export const streamConfigurationList = {
  type: "List",
  ...required,
  minLength: 1,
  maxLength: 10_000,
  member: {
    type: "Structure",
    members: {
      StreamARN: { ...streamArn, ...required },
      RecordConfiguration: {
        type: "Structure",
        ...required,
        members: {
          RecordFormatType: { type: "String", ...required, values: ["GSR_JSON", "JSON", "STRING", "BYTE_ARRAY"] },
          GSRSchemaARN: {
            type: "String",
            minLength: 1,
            maxLength: 512,
            pattern: "arn:aws[-a-z0-9]*:glue:[-a-z0-9]+:\\d{12}:schema/[-a-zA-Z0-9_$#.]+/[-a-zA-Z0-9_$#.]+",
          },
        },
      },
    },
  },
} as const;
/** Delivery to a bucket. */
export const s3Destination = {
  type: "Structure",
  members: {
    DataFreshnessInSeconds: dataFreshness,
    DeadLetterQueueS3Configuration: deadLetterQueue,
    StorageConfiguration: {
      type: "Structure",
      ...required,
      members: {
        BucketARN: bucketArn,
        ExpectedBucketOwner: accountId,
        OutputKeyTemplate: { type: "String", minLength: 1, maxLength: 1024, pattern: "[0-9A-Za-z!\\-_'.*()\\/=:{}]+" },
        StorageClass: { type: "String", values: ["STANDARD", "INTELLIGENT_TIERING", "GLACIER_IR"] },
        CompressionType: { type: "String", ...required, values: ["NONE", "GZIP", "ZSTD"] },
      },
    },
  },
} as const;
/** Delivery to a table. */
export const s3TablesDestination = {
  type: "Structure",
  members: {
    DataFreshnessInSeconds: dataFreshness,
    DeadLetterQueueS3Configuration: { ...deadLetterQueue, ...required },
    S3TablesConfigurationList: {
      type: "List",
      ...required,
      minLength: 1,
      maxLength: 10_000,
      member: {
        type: "Structure",
        members: {
          TableBucketARN: {
            ...text,
            maxLength: 2048,
            pattern: "arn:aws[-a-z0-9]*:s3tables:[-a-z0-9]+:\\d{12}:bucket/[a-z0-9_-]{3,63}",
          },
          Namespace: tableName,
          TableName: tableName,
          CompressionType: { type: "String", ...required, values: ["NONE", "ZSTD", "SNAPPY"] },
          PartitionSpec: {
            type: "Structure",
            members: {
              PartitionFields: {
                type: "List",
                ...required,
                minLength: 1,
                maxLength: 10,
                member: {
                  type: "Structure",
                  members: {
                    Transform: { type: "String", ...required, values: ["TIME_HOUR"] },
                    SourceName: { ...text, maxLength: 255, pattern: "[a-zA-Z0-9\\.\\_]+" },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
} as const;
/** What of a destination can be changed. */
export const destinationUpdate = {
  type: "Structure",
  members: { DataFreshnessInSeconds: { ...dataFreshness, ...required } },
} as const;
/** The key of what is delivered. */
export const encryptionConfiguration = {
  type: "Structure",
  members: {
    EncryptionType: { type: "String", ...required, values: ["KMS"] },
    KeyId: { ...text, maxLength: 2048 },
  },
} as const;
/** Where a channel tells what went wrong. */
export const loggingConfiguration = {
  type: "Structure",
  members: {
    CloudWatchLogs: {
      type: "Structure",
      ...required,
      members: {
        Enabled: { type: "Boolean", ...required },
        LogGroupName: { type: "String", minLength: 1, maxLength: 512, pattern: "[\\.\\-_/#A-Za-z0-9]+" },
        LogStreamName: { type: "String", minLength: 1, maxLength: 512, pattern: "[^:*]*" },
      },
    },
  },
} as const;
/** Which streams' channels to list. */
export const streamFilter = {
  type: "List",
  minLength: 1,
  maxLength: 10_000,
  member: {
    type: "Structure",
    members: { StreamARN: { ...streamArn, ...required }, StreamCreationTimestamp: { type: "Timestamp" } },
  },
} as const;
