/** What there is in the account that requests are made for. */
export interface Account {
  /** Of a provisioned stream with two shards and a consumer. */
  readonly streamName: string;
  readonly streamArn: string;
  readonly consumerArn: string;
  /** Of an on-demand stream with a channel. */
  readonly onDemandName: string;
  readonly onDemandArn: string;
  readonly channelArn: string;
  readonly iterator: string;
  readonly sequenceNumber: string;
}

const SHARDS = ["shardId-000000000000", "shardId-000000000001"];
const MIDDLE_OF_FIRST = (2n ** 126n).toString();
const POLICY = JSON.stringify({ Version: "2012-10-17", Statement: [] });

/** Inputs of every operation that are valid, or would be were it not for the state of the account; bytes as `Buffer`, times as `Date`. */
export function validInputs(account: Account): Readonly<Record<string, readonly object[]>> {
  const { streamName: StreamName, streamArn: StreamARN, consumerArn: ConsumerARN, channelArn: ChannelARN } = account;
  const { onDemandName, onDemandArn, iterator: ShardIterator, sequenceNumber: SequenceNumber } = account;
  const [ShardId] = SHARDS;
  const record = { PartitionKey: "key", Data: Buffer.from("some data") };
  return {
    AddTagsToStream: [{ StreamName, Tags: { team: "blue", cost: "low" } }],
    CreateChannel: [
      {
        ChannelName: "another",
        ServiceExecutionRoleARN: "arn:aws:iam::000000000000:role/delivery",
        StreamConfigurationList: [{ StreamARN: onDemandArn, RecordConfiguration: { RecordFormatType: "JSON" } }],
        S3DestinationConfiguration: {
          DataFreshnessInSeconds: 300,
          StorageConfiguration: {
            BucketARN: "arn:aws:s3:::bucket",
            ExpectedBucketOwner: "000000000000",
            CompressionType: "GZIP",
          },
        },
        Tags: { team: "blue" },
      },
    ],
    CreateStream: [
      { StreamName: "new", ShardCount: 2 },
      { StreamName: "new", StreamModeDetails: { StreamMode: "ON_DEMAND" }, Tags: { a: "b" }, MaxRecordSizeInKiB: 2048 },
    ],
    DecreaseStreamRetentionPeriod: [{ StreamName, RetentionPeriodHours: 24 }],
    DeleteChannel: [{ ChannelARN }],
    DeleteResourcePolicy: [{ ResourceARN: StreamARN }],
    DeleteStream: [{ StreamName, EnforceConsumerDeletion: true }, { StreamARN }],
    DeregisterStreamConsumer: [{ ConsumerARN }, { StreamARN, ConsumerName: "reader" }],
    DescribeAccountSettings: [{}],
    DescribeChannel: [{ ChannelARN }],
    DescribeLimits: [{}],
    DescribeStream: [{ StreamName, Limit: 10, ExclusiveStartShardId: ShardId }],
    DescribeStreamConsumer: [{ ConsumerARN }, { StreamARN, ConsumerName: "reader" }],
    DescribeStreamSummary: [{ StreamName }, { StreamARN }],
    DisableEnhancedMonitoring: [{ StreamName, ShardLevelMetrics: ["ALL"] }],
    EnableEnhancedMonitoring: [{ StreamName, ShardLevelMetrics: ["IncomingBytes", "OutgoingRecords"] }],
    GetRecords: [
      { ShardIterator, Limit: 5 },
      { ShardIterator, StreamARN },
    ],
    GetResourcePolicy: [{ ResourceARN: StreamARN }],
    GetShardIterator: [
      { StreamName, ShardId, ShardIteratorType: "LATEST" },
      { StreamName, ShardId, ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: SequenceNumber },
      { StreamARN, ShardId, ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(Date.UTC(2025, 11, 31)) },
    ],
    IncreaseStreamRetentionPeriod: [{ StreamName, RetentionPeriodHours: 48 }],
    ListChannels: [{}, { MaxResults: 5, StreamFilter: [{ StreamARN: onDemandArn }] }],
    ListShards: [
      { StreamName, MaxResults: 1 },
      { StreamName, ShardFilter: { Type: "AT_TIMESTAMP", Timestamp: new Date(Date.UTC(2026, 0, 1)) } },
      { StreamARN, StreamCreationTimestamp: new Date(Date.UTC(2026, 0, 1)), ExclusiveStartShardId: ShardId },
    ],
    ListStreamConsumers: [{ StreamARN, MaxResults: 10 }],
    ListStreams: [{ Limit: 5, ExclusiveStartStreamName: "a" }],
    ListTagsForResource: [{ ResourceARN: StreamARN }, { ResourceARN: ConsumerARN }],
    ListTagsForStream: [{ StreamName, Limit: 5, ExclusiveStartTagKey: "a" }],
    MergeShards: [{ StreamName, ShardToMerge: SHARDS[0], AdjacentShardToMerge: SHARDS[1] }],
    PutRecord: [
      { StreamName, ...record },
      { StreamARN, ...record, ExplicitHashKey: "0", SequenceNumberForOrdering: SequenceNumber },
    ],
    PutRecords: [
      { StreamName, Records: [record, { ...record, ExplicitHashKey: "17" }, { ...record, PartitionKey: "ü😀" }] },
      { StreamARN, Records: Array.from({ length: 20 }, () => record) },
    ],
    PutResourcePolicy: [{ ResourceARN: StreamARN, Policy: POLICY }],
    RegisterStreamConsumer: [{ StreamARN, ConsumerName: "another", Tags: { a: "b" } }],
    RemoveTagsFromStream: [{ StreamName, TagKeys: ["team", "none"] }],
    SplitShard: [{ StreamName, ShardToSplit: ShardId, NewStartingHashKey: MIDDLE_OF_FIRST }],
    StartStreamEncryption: [{ StreamName, EncryptionType: "KMS", KeyId: "alias/aws/kinesis" }],
    StopStreamEncryption: [{ StreamName, EncryptionType: "KMS", KeyId: "alias/aws/kinesis" }],
    SubscribeToShard: [
      { ConsumerARN, ShardId, StartingPosition: { Type: "TRIM_HORIZON" } },
      { ConsumerARN, ShardId, StartingPosition: { Type: "AT_SEQUENCE_NUMBER", SequenceNumber } },
    ],
    TagResource: [
      { ResourceARN: StreamARN, Tags: { team: "red" } },
      { ResourceARN: ChannelARN, Tags: { a: "b" } },
    ],
    UntagResource: [{ ResourceARN: StreamARN, TagKeys: ["team"] }],
    UpdateAccountSettings: [{ MinimumThroughputBillingCommitment: { Status: "ENABLED" } }],
    UpdateChannel: [{ ChannelARN, S3DestinationConfiguration: { DataFreshnessInSeconds: 600 } }],
    UpdateMaxRecordSize: [{ StreamARN, MaxRecordSizeInKiB: 2048 }],
    UpdateShardCount: [{ StreamName, TargetShardCount: 3, ScalingType: "UNIFORM_SCALING" }],
    UpdateStreamMode: [{ StreamARN, StreamModeDetails: { StreamMode: "ON_DEMAND" } }],
    UpdateStreamRecordDistributionStrategy: [{ StreamARN: onDemandArn, RecordDistributionStrategy: "AUTO" }],
    UpdateStreamWarmThroughput: [{ StreamName: onDemandName, WarmThroughputMiBps: 8 }],
  };
}
