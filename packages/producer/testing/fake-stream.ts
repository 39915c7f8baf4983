import type { PutRecordsCommand, PutRecordsCommandOutput } from "@aws-sdk/client-kinesis";
import type { PutRecordsClient } from "../src/settings.ts";

/** A record that the fake stream has stored. */
export interface StoredRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly event: { readonly event_id: string };
}

/** What a call meets: an error for the whole call, or the places of the records that fail. */
export type Fault = Error | ((index: number) => boolean) | undefined;

/** A stream in memory with one shard, behind the slice of the client that a producer uses. */
export interface FakeStream {
  readonly client: PutRecordsClient;
  readonly stored: readonly StoredRecord[];
  /** Number of records of each call, in order. */
  readonly callSizes: readonly number[];
  /** Highest number of calls at once. */
  readonly mostInFlight: () => number;
}

/** `nextFault` is asked once a call; `respond` is awaited before each answer. */
export function createFakeStream(
  nextFault: (call: number) => Fault = () => undefined,
  respond: () => Promise<void> = async () => {},
): FakeStream {
  const stored: StoredRecord[] = [];
  const callSizes: number[] = [];
  let inFlight = 0;
  let mostInFlight = 0;

  async function send(command: PutRecordsCommand): Promise<PutRecordsCommandOutput> {
    const records = command.input.Records ?? [];
    const fault = nextFault(callSizes.push(records.length));
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    await respond();
    inFlight--;
    if (fault instanceof Error) throw fault;
    const entries = records.map(({ Data, PartitionKey = "" }, index) => {
      if (fault?.(index)) return { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: "Rate exceeded" };
      const sequenceNumber = String(10n ** 20n + BigInt(stored.length));
      stored.push({
        sequenceNumber,
        partitionKey: PartitionKey,
        event: JSON.parse(Buffer.from(Data ?? []).toString()),
      });
      return { ShardId: "shardId-000000000000", SequenceNumber: sequenceNumber };
    });
    return { $metadata: {}, Records: entries, FailedRecordCount: entries.filter(({ ErrorCode }) => ErrorCode).length };
  }

  return { client: { send }, stored, callSizes, mostInFlight: () => mostInFlight };
}

/** An error as the SDK throws it. */
export function serviceError(name: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(`${name} was thrown`), { name, $metadata: { httpStatusCode } });
}
