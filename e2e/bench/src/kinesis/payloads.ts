import { randomBytes } from "node:crypto";

/** Records of one call of PutRecords: as many as it takes. */
export const RECORDS_PER_PUT = 500;

/** A record as the SDK takes it. */
export interface Entry {
  readonly PartitionKey: string;
  readonly Data: Uint8Array;
}

/** Different calls' worth of records that are put again and again, so that making them is no part of a figure. */
const BATCH_COUNT = 16;

/** Calls' worth of records of one size, each with a key of its own: 16 hexadecimal digits, which spread over the shards. */
export function makeBatches(recordBytes: number): readonly (readonly Entry[])[] {
  return Array.from({ length: BATCH_COUNT }, () =>
    Array.from({ length: RECORDS_PER_PUT }, () => ({
      PartitionKey: randomBytes(8).toString("hex"),
      Data: randomBytes(recordBytes),
    })),
  );
}

/** The body of a PutRecords, its members in the SDK's order. */
export function putRecordsBody(streamName: string, batch: readonly Entry[]): string {
  return JSON.stringify({ Records: batch.map(toJson), StreamName: streamName });
}

/** The body of a PutRecord, its members in the SDK's order. */
export function putRecordBody(streamName: string, entry: Entry): string {
  return JSON.stringify({ ...toJson(entry), StreamName: streamName });
}

function toJson({ Data, PartitionKey }: Entry) {
  return { Data: Buffer.from(Data).toString("base64"), PartitionKey };
}
