import { PutRecordsCommand, type PutRecordsCommandOutput } from "@aws-sdk/client-kinesis";
import type { Clock } from "./clock.ts";
import type { EncodedRecord } from "./record.ts";
import { isTransient } from "./retry.ts";
import type { PutRecordsClient } from "./settings.ts";

/** What became of one record of a call. */
export type RecordAnswer =
  | { readonly shardId: string; readonly sequenceNumber: string }
  | { readonly error: Error; readonly isTransient: boolean };

/**
 * One `PutRecords` call, its answer read record by record: as many answers as records, in their order. Never rejects: a call that fails as a whole
 * gives every record the same error. When such a call was answered too late or not at all, its records may be on the stream nevertheless.
 */
export async function putBatch(
  records: readonly EncodedRecord[],
  target: {
    readonly client: PutRecordsClient;
    readonly streamName: string;
    readonly callTimeoutMs: number;
    readonly clock: Clock;
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly RecordAnswer[]> {
  const { client, streamName, callTimeoutMs, clock, signal } = target;
  const abort = new AbortController();
  const onAbort = (): void => abort.abort(signal?.reason);
  let timedOut = false;
  const cancelTimeout = clock.after(callTimeoutMs, () => {
    timedOut = true;
    abort.abort();
  });
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const command = new PutRecordsCommand({
      StreamName: streamName,
      Records: records.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
    });
    return readAnswers(await client.send(command, { abortSignal: abort.signal }), records.length);
  } catch (thrown) {
    const error = timedOut
      ? new Error(`PutRecords had no answer after ${callTimeoutMs} ms`, { cause: thrown })
      : asError(thrown);
    const answer = { error, isTransient: !signal?.aborted && (timedOut || isTransient(error)) };
    return records.map(() => answer);
  } finally {
    cancelTimeout();
    signal?.removeEventListener("abort", onAbort);
  }
}

/** The service keeps number and order of the records. Source: Kinesis API reference, PutRecords. */
function readAnswers({ Records: entries }: PutRecordsCommandOutput, count: number): readonly RecordAnswer[] {
  if (entries?.length !== count) {
    throw new Error(`PutRecords must answer as many records as were sent (${count}), got ${entries?.length ?? "none"}`);
  }
  return entries.map(({ ShardId: shardId, SequenceNumber: sequenceNumber, ErrorCode: code, ErrorMessage: message }) => {
    if (code === undefined && shardId !== undefined && sequenceNumber !== undefined) return { shardId, sequenceNumber };
    const error = new Error(message ?? "the record was not stored and the service did not say why");
    error.name = code ?? "UnknownRecordError";
    // ProvisionedThroughputExceededException and InternalFailure are the documented codes; both pass.
    return { error, isTransient: true };
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error("PutRecords threw something that is no Error", { cause: thrown });
}
