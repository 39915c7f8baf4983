/** One thing a client does all the time. */
export interface Workload {
  readonly name: string;
  readonly operation: "putRecords" | "putRecord" | "getRecords";
  readonly recordBytes: number;
  readonly callsUnderWay: number;
}

/** Sizes of the records that are put and read, in bytes; keys have 16 more. */
export const RECORD_SIZES = [200, 1024] as const;

/** What every server is put through, in this order. Reads have a call under way for each shard. */
export const workloads: readonly Workload[] = [
  { name: "PutRecords, 500 × 200 B", operation: "putRecords", recordBytes: 200, callsUnderWay: 8 },
  { name: "PutRecords, 500 × 1 KB", operation: "putRecords", recordBytes: 1024, callsUnderWay: 8 },
  { name: "PutRecord, 200 B", operation: "putRecord", recordBytes: 200, callsUnderWay: 32 },
  { name: "GetRecords, 200 B", operation: "getRecords", recordBytes: 200, callsUnderWay: 4 },
  { name: "GetRecords, 1 KB", operation: "getRecords", recordBytes: 1024, callsUnderWay: 4 },
];
