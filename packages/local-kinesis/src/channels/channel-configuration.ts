import { invalidArgument } from "../errors.ts";
import type { KeyInput } from "../streams/kms-key.ts";

/** How records on the stream are written. */
export interface RecordConfiguration {
  readonly RecordFormatType: "GSR_JSON" | "JSON" | "STRING" | "BYTE_ARRAY";
  readonly GSRSchemaARN?: string;
}

/** What the destinations have in common. */
interface Destination {
  readonly DataFreshnessInSeconds?: number;
  readonly DeadLetterQueueS3Configuration?: BucketConfiguration;
}

interface BucketConfiguration {
  readonly BucketARN: string;
  readonly ExpectedBucketOwner: string;
}

/** Delivery to a bucket. */
export interface S3Destination extends Destination {
  readonly StorageConfiguration: BucketConfiguration & { readonly StorageClass?: string };
}

/** Delivery to a table. */
export interface S3TablesDestination extends Destination {
  readonly S3TablesConfigurationList: readonly object[];
}

/** The key of what is delivered. */
export interface ChannelEncryption extends KeyInput {
  readonly EncryptionType: "KMS";
}

/** Where a channel tells what went wrong. */
export interface ChannelLogs {
  readonly Enabled: boolean;
  readonly LogGroupName?: string;
  readonly LogStreamName?: string;
}

/** Source: aws-sdk-ruby, S3DestinationUpdateInput; the default: Kinesis API reference. */
const MIN_FRESHNESS_S = 300;
const MAX_FRESHNESS_S = 900;
const DEFAULT_LOG_STREAM = "DestinationDelivery";

/** The formats of each destination. Source: Kinesis API reference, RecordConfiguration. */
const S3_FORMATS: readonly string[] = ["JSON", "STRING", "BYTE_ARRAY"];
const S3_TABLES_FORMATS: readonly string[] = ["GSR_JSON", "JSON"];

/**
 * Throws `InvalidArgumentException` for a destination that is none or two, or that does not take these records. Rules:
 * Kinesis API reference, CreateChannel and RecordConfiguration; texts not confirmed on AWS.
 */
export function checkDestination(
  record: RecordConfiguration,
  s3: S3Destination | undefined,
  s3Tables: S3TablesDestination | undefined,
): void {
  if ((s3 === undefined) === (s3Tables === undefined)) {
    throw invalidArgument(
      "Either S3DestinationConfiguration or S3TablesDestinationConfiguration must be provided, but not both.",
    );
  }
  checkFreshness((s3 ?? s3Tables)?.DataFreshnessInSeconds);
  const { RecordFormatType: format } = record;
  if (!(s3 ? S3_FORMATS : S3_TABLES_FORMATS).includes(format)) {
    throw invalidArgument(`RecordFormatType ${format} is not supported for ${s3 ? "S3" : "S3 Tables"} destinations.`);
  }
  if (!s3Tables) return;
  if (record.GSRSchemaARN === undefined) throw invalidArgument("GSRSchemaARN is required for S3 Tables destinations.");
  if (s3Tables.S3TablesConfigurationList.length > 1) {
    throw invalidArgument("S3TablesConfigurationList can only contain one table.");
  }
}

/** Throws `InvalidArgumentException` unless data may be so old before it is delivered. Text not confirmed on AWS. */
export function checkFreshness(seconds: number | undefined): void {
  if (seconds === undefined || (seconds >= MIN_FRESHNESS_S && seconds <= MAX_FRESHNESS_S)) return;
  throw invalidArgument(`DataFreshnessInSeconds must be between ${MIN_FRESHNESS_S} and ${MAX_FRESHNESS_S}.`);
}

/**
 * A destination with AWS's defaults. For the queue of what cannot be delivered that is the destination's own bucket; the
 * prefix that AWS gives it there, and the template of keys, are not published and left out.
 */
export function withDefaults(s3: S3Destination): S3Destination {
  const { StorageConfiguration: storage } = s3;
  const { BucketARN, ExpectedBucketOwner } = storage;
  return {
    DataFreshnessInSeconds: s3.DataFreshnessInSeconds ?? MIN_FRESHNESS_S,
    DeadLetterQueueS3Configuration: s3.DeadLetterQueueS3Configuration ?? { BucketARN, ExpectedBucketOwner },
    StorageConfiguration: { ...storage, StorageClass: storage.StorageClass ?? "STANDARD" },
  };
}

/** As {@link withDefaults}. */
export function withTableDefaults(s3Tables: S3TablesDestination): S3TablesDestination {
  return { ...s3Tables, DataFreshnessInSeconds: s3Tables.DataFreshnessInSeconds ?? MIN_FRESHNESS_S };
}

/** Logs with the names that AWS gives if none are given. That there are none unless they are asked for is not confirmed. */
export function logsOf(channel: { readonly id: string; readonly name: string }, given?: ChannelLogs): ChannelLogs {
  if (!given?.Enabled) return { ...given, Enabled: false };
  return {
    Enabled: true,
    LogGroupName: given.LogGroupName ?? `/aws/kinesis/${channel.name}/${channel.id}`,
    LogStreamName: given.LogStreamName ?? DEFAULT_LOG_STREAM,
  };
}
