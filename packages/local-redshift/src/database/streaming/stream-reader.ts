/**
 * What a streaming view needs of a stream: the slice of a Kinesis that the refresher reads. Anything with this shape will do;
 * `@millrace/local-kinesis` offers one in process.
 */
export interface StreamReader {
  /** The stream's ARN and name, or `undefined` when there is no such stream. */
  describe(streamName: string): Promise<{ readonly streamArn: string; readonly streamName: string } | undefined>;
  /** Every shard that still holds records, open and closed. */
  listShards(streamName: string): Promise<readonly StreamShard[]>;
  /**
   * Records of one shard after `afterSequenceNumber` (exclusive; absent means TRIM_HORIZON), oldest first. When that record is past
   * its retention they begin with the oldest there is. `atTip`: nothing further at this moment. `ended`: a closed shard read to its end.
   * Throws an error with the name of {@link StreamPositionError} when the record was never in this shard, or is no more though older
   * ones are.
   */
  read(request: {
    streamName: string;
    shardId: string;
    afterSequenceNumber?: string;
    maxRecords: number;
    maxBytes: number;
  }): Promise<StreamAnswer>;
  /** Calls `listener` after each commit to the stream; returns the function that ends it. */
  onAppend(streamName: string, listener: () => void): () => void;
}

/** What reading a shard gave. */
export interface StreamAnswer {
  readonly records: readonly StreamRecord[];
  readonly atTip: boolean;
  readonly ended: boolean;
}

/** A shard of a stream, with the shards it came from by a split (one parent) or a merge (two). */
export interface StreamShard {
  readonly shardId: string;
  readonly parentShardId?: string;
  readonly adjacentParentShardId?: string;
  readonly closed: boolean;
}

/** A record as the stream stores it. */
export interface StreamRecord {
  /** Digits; grows within a shard. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  readonly data: Uint8Array;
}

/**
 * A shard does not have the record that was read last: the stream was deleted and made again, or has lost its newest records, as a
 * local Kinesis may in a power cut. Reading on could leave records out or bring them twice.
 */
export class StreamPositionError extends Error {
  override readonly name = "StreamPositionError";

  constructor(streamName: string, shardId: string, sequenceNumber: string | undefined, options?: ErrorOptions) {
    super(
      `${shardId} of stream ${streamName} does not have sequence number ${sequenceNumber}, which was read last: the stream was made ` +
        "anew or has lost records",
      options,
    );
  }
}
