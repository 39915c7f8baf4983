import { WireError } from "@millrace/local-wire";
import { limitExceeded } from "../errors.ts";

/** The shard that an error names. */
interface LimitedShard {
  readonly shardId: string;
  readonly streamName: string;
  readonly accountId: string;
}

const ERROR_CODE = "ProvisionedThroughputExceededException";

/** Too many records or bytes, as `PutRecords` says it of one record. Text: mhart/kinesalite#87, run on AWS. */
export function writeRateExceeded({ shardId, streamName, accountId }: LimitedShard) {
  return {
    errorCode: ERROR_CODE,
    errorMessage: `Rate exceeded for shard ${shardId} in stream ${streamName} under account ${accountId}.`,
  } as const;
}

/** Too many calls of `GetRecords`, or too much read. Text: awslabs/amazon-kinesis-client#1521, risingwavelabs/risingwave#7453. */
export function readRateExceeded({ shardId, streamName, accountId }: LimitedShard): WireError {
  return new WireError(ERROR_CODE, `Rate exceeded for Shard - ${accountId}/${streamName}/${shardId}`);
}

/**
 * Too many calls of `GetShardIterator`. Text: as the Kinesis Client Library logged it in 2017; whether it has since become that
 * of `GetRecords` is not confirmed.
 */
export function iteratorRateExceeded(shard: LimitedShard): WireError {
  return new WireError(ERROR_CODE, writeRateExceeded(shard).errorMessage);
}

/**
 * Too many calls of any other operation. Texts: boto/botocore#821 where a stream is named,
 * Graylog2/graylog-plugin-integrations#341 (ListStreams) where none is.
 */
export function requestRateExceeded(streamName: string | undefined, accountId: string): WireError {
  if (streamName === undefined) return limitExceeded(`Rate exceeded for account ${accountId}.`);
  return limitExceeded(`Rate exceeded for stream ${streamName} under account ${accountId}.`);
}
