import type { StreamReader, StreamRecord } from "../src/database/streaming/stream-reader.ts";

/** A stream of one shard in memory. */
export interface MemoryStream {
  readonly reader: StreamReader;
  /** Appends records; each text becomes one. */
  append(...texts: readonly string[]): void;
}

/** Makes an empty stream. */
export function createMemoryStream(streamName: string): MemoryStream {
  const records: StreamRecord[] = [];
  const listeners = new Set<() => void>();
  return {
    append(...texts) {
      for (const text of texts) {
        records.push({
          sequenceNumber: String(49_000_000_000_000_000_000n + BigInt(records.length)),
          partitionKey: `key-${records.length}`,
          arrivedAt: Date.now(),
          data: Buffer.from(text),
        });
      }
      for (const listener of listeners) listener();
    },
    reader: {
      describe: (name) =>
        Promise.resolve(
          name === streamName
            ? { streamName, streamArn: `arn:aws:kinesis:eu-west-1:000000000000:stream/${streamName}` }
            : undefined,
        ),
      listShards: () => Promise.resolve([{ shardId: "shardId-000000000000", closed: false }]),
      read({ afterSequenceNumber, maxRecords }) {
        const after = records.findIndex(({ sequenceNumber }) => sequenceNumber === afterSequenceNumber);
        const taken = records.slice(after + 1, after + 1 + maxRecords);
        return Promise.resolve({ records: taken, atTip: after + 1 + taken.length === records.length, ended: false });
      },
      onAppend(_name, listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}
