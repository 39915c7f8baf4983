/** A record as a reader in the same process gets it. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Epoch ms. */
  readonly arrivedAt: number;
  /** A view; the bytes do not change. */
  readonly data: Uint8Array;
}

/** A shard as a reader in the same process sees it. */
export interface ReaderShard {
  readonly shardId: string;
  readonly parentShardId?: string;
  readonly adjacentParentShardId?: string;
  /** It takes no more records. */
  readonly closed: boolean;
}

/** Which records to read. */
export interface ReadRequest {
  readonly streamName: string;
  readonly shardId: string;
  /** The records after this one; absent for the oldest there are. */
  readonly afterSequenceNumber?: string;
  readonly maxRecords: number;
  /** Of data and keys. One record comes whatever its size. */
  readonly maxBytes: number;
}

/** What was read. */
export interface ReadAnswer {
  readonly records: readonly StreamRecord[];
  /** Nothing further at this moment. */
  readonly atTip: boolean;
  /** A closed shard, read to its end. */
  readonly ended: boolean;
}

/**
 * Reads streams without the wire. Its reads neither count towards the rates of `GetRecords` nor are held to them: it is there
 * to read on every commit, and would leave nothing of the rates to clients. On AWS, Redshift's streaming ingestion polls like
 * any other reader and shares the rates with them.
 */
export interface StreamReader {
  /** `undefined` if there is no such stream. */
  describe(streamName: string): Promise<{ readonly streamArn: string; readonly streamName: string } | undefined>;
  /** All shards in order of their ids, closed ones too; none if there is no such stream. */
  listShards(streamName: string): Promise<readonly ReaderShard[]>;
  /**
   * Reads committed records of one shard in their order. Throws an `Error` if there is no such stream or shard, and
   * {@link StreamPositionError} if the sequence number is none of this shard.
   */
  read(request: ReadRequest): Promise<ReadAnswer>;
  /** Calls the listener after each commit to a stream of this name, which need not exist yet. Answers how to stop that. */
  onAppend(streamName: string, listener: () => void): () => void;
}

/**
 * A shard does not have the record that a reader says to have read last, though it has older ones, or never had one of that number: the
 * stream was deleted and made again, or a power cut took its last moments.
 */
export class StreamPositionError extends Error {
  override readonly name = "StreamPositionError";

  constructor(streamName: string, shardId: string, sequenceNumber: string) {
    super(
      `sequence number ${sequenceNumber} is none of ${shardId} of stream ${streamName}; ` +
        "a stream that was deleted and made again has new ones and is read from its start, and one that lost records goes on from older ones",
    );
  }
}
