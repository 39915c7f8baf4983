/** The constraints of an input, as data: types and bounds of the Kinesis service model. */
export type Shape =
  | StringShape
  | { readonly type: "Integer"; readonly required?: true; readonly min?: number; readonly max?: number }
  | { readonly type: "Boolean"; readonly required?: true }
  | { readonly type: "Timestamp"; readonly required?: true }
  | { readonly type: "Blob"; readonly required?: true; readonly maxLength?: number }
  | ListShape
  | MapShape
  | { readonly type: "Structure"; readonly required?: true; readonly members: Members };

/** Members of a structure, by name. */
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

/** A list; `memberText` is what AWS prints for a member that is a structure. */
export interface ListShape {
  readonly type: "List";
  readonly required?: true;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly member: Shape;
  readonly memberText?: string;
  /** Bounds of the length of each member, reported on the list. */
  readonly memberLength?: readonly [number, number];
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
/** The ARN of anything that bears tags. */
export const resourceArn = {
  type: "String",
  required: true,
  minLength: 1,
  maxLength: 2048,
  pattern: "arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+",
} as const;
/** Members by which most operations name a stream. */
export const streamAddress = { StreamName: streamName, StreamARN: streamArn } as const;
/** A stream and the key it is encrypted with. */
export const streamAndKey = {
  ...streamAddress,
  EncryptionType: { type: "String", required: true, values: ["NONE", "KMS"] },
  KeyId: { type: "String", required: true, minLength: 1, maxLength: 2048 },
} as const;
/** Tags of a stream. */
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
  member: { type: "String" },
  memberLength: [1, 128],
} as const;
/** Capacity mode. */
export const streamModeDetails = {
  type: "Structure",
  members: { StreamMode: { type: "String", required: true, values: ["PROVISIONED", "ON_DEMAND"] } },
} as const;
