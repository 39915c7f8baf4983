/**
 * The constraints of an input, as data: types and bounds of the Kinesis service model (boto/botocore:botocore/data/kinesis,
 * and the API reference for what is newer).
 */
export type Shape =
  | StringShape
  | { readonly type: "Integer"; readonly required?: true; readonly min?: number; readonly max?: number }
  | { readonly type: "Boolean"; readonly required?: true }
  | { readonly type: "Timestamp"; readonly required?: true }
  | { readonly type: "Blob"; readonly required?: true; readonly maxLength?: number }
  | ListShape
  | MapShape
  | StructureShape;

/** Members of a structure, by name. Their order is of no consequence: see `inAwsOrder`. */
export type Members = Readonly<Record<string, Shape>>;

/** Text. A pattern holds for all of it. */
export interface StringShape {
  readonly type: "String";
  readonly required?: true;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly values?: readonly string[];
}

/** A list, of texts or of structures; `memberText` is what AWS prints for a member that is a structure. No member may be null. */
export interface ListShape {
  readonly type: "List";
  readonly required?: true;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly member: StringShape | StructureShape;
  readonly memberText?: string;
}

/** A structure. */
export interface StructureShape {
  readonly type: "Structure";
  readonly required?: true;
  readonly members: Members;
}

/** A map of texts. */
export interface MapShape {
  readonly type: "Map";
  readonly required?: true;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly keyLength: readonly [number, number];
  readonly valueLength: readonly [number, number];
}

const NAME_PATTERN = "[a-zA-Z0-9_.-]+";

/** A stream's name. */
export const streamName = { type: "String", minLength: 1, maxLength: 128, pattern: NAME_PATTERN } as const;
/** A shard's id. */
export const shardId = { ...streamName } as const;
/** Decimal text of a sequence number. */
export const sequenceNumber = { type: "String", pattern: "0|([1-9]\\d{0,128})" } as const;
/** Decimal text of a hash key. */
export const hashKey = { type: "String", pattern: "0|([1-9]\\d{0,38})" } as const;
/** The ARN of a stream. */
export const streamArn = {
  type: "String",
  minLength: 1,
  maxLength: 2048,
  pattern: "arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+",
} as const;
/** The name of a consumer. */
export const consumerName = { ...streamName } as const;
/** The ARN of a consumer. */
export const consumerArn = {
  type: "String",
  minLength: 1,
  maxLength: 2048,
  pattern: "^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+",
} as const;
/** "Not Implemented. Reserved for future use": checked, and otherwise ignored. */
export const streamId = { type: "String", minLength: 1, maxLength: 24, pattern: "[a-z0-9]{20}-[a-z0-9]{3}" } as const;
/** Members by which operations name a consumer. */
export const consumerAddress = {
  StreamARN: streamArn,
  ConsumerName: consumerName,
  ConsumerARN: consumerArn,
  StreamId: streamId,
} as const;
/** The ARN of a channel. */
export const channelArn = {
  type: "String",
  required: true,
  minLength: 1,
  maxLength: 2048,
  pattern: "arn:aws.*:kinesis:.*:\\d{12}:channel/\\S+",
} as const;
/** Members by which the operations on resource policies name a stream or a consumer. */
export const policyAddress = {
  ResourceARN: {
    type: "String",
    required: true,
    minLength: 1,
    maxLength: 2048,
    pattern: "arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+",
  },
  StreamId: streamId,
} as const;
/** Members by which the operations on tags name a stream, a consumer or a channel. */
export const resourceAddress = {
  ...policyAddress,
  ResourceARN: { ...policyAddress.ResourceARN, pattern: "arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel)/\\S+" },
} as const;
/** Members by which most operations name a stream. */
export const streamAddress = { StreamName: streamName, StreamARN: streamArn, StreamId: streamId } as const;
/** A stream and the key it is encrypted with. */
export const streamAndKey = {
  ...streamAddress,
  EncryptionType: { type: "String", required: true, values: ["NONE", "KMS"] },
  KeyId: { type: "String", required: true, minLength: 1, maxLength: 2048 },
} as const;
/** A stream and the shard-level metrics to turn on or off. */
export const streamAndMetrics = {
  ...streamAddress,
  ShardLevelMetrics: {
    type: "List",
    required: true,
    minLength: 1,
    maxLength: 7,
    member: {
      type: "String",
      values: [
        "IncomingBytes",
        "IncomingRecords",
        "OutgoingBytes",
        "OutgoingRecords",
        "WriteProvisionedThroughputExceeded",
        "ReadProvisionedThroughputExceeded",
        "IteratorAgeMilliseconds",
        "ALL",
      ],
    },
  },
} as const;
/** Whether to refuse a request that would have succeeded. */
export const dryRun = { type: "Boolean" } as const;
/** How many results a page may have. Pages hold less than the most that may be asked for. */
export const pageSize = { type: "Integer", min: 1, max: 10_000 } as const;
/** Where the next page begins. */
export const nextToken = { type: "String", minLength: 1, maxLength: 1_048_576 } as const;
/** Tags of a resource. */
export const tagMap = {
  type: "Map",
  minLength: 1,
  maxLength: 200,
  keyLength: [1, 128],
  valueLength: [0, 256],
} as const;
/** Keys of tags. */
export const tagKeys = {
  type: "List",
  required: true,
  minLength: 1,
  maxLength: 50,
  member: { type: "String", minLength: 1, maxLength: 128 },
} as const;
/** Capacity mode. */
export const streamModeDetails = {
  type: "Structure",
  members: { StreamMode: { type: "String", required: true, values: ["PROVISIONED", "ON_DEMAND"] } },
} as const;
/** Most KiB of one record, key included. */
export const maxRecordSizeInKiB = { type: "Integer", min: 1024, max: 10_240 } as const;
/** How much an on-demand stream is to take at once. */
export const warmThroughputMiBps = { type: "Integer", min: 0 } as const;
/** Who chooses the shard of a record. */
export const recordDistributionStrategy = { type: "String", values: ["AUTO", "USER_PARTITION_KEY"] } as const;
