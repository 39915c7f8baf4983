import type { StreamReader } from "../src/database/streaming/stream-reader.ts";

/** Where the stream of {@link endlessStream} ends, when it has an end. */
const endlessShard = "shardId-000000000000";

/** A stream whose records follow from their sequence number alone, so that two processes read the same one; 500 a read. */
export function endlessStream(end = Number.POSITIVE_INFINITY): StreamReader {
  return {
    describe: (streamName) => Promise.resolve({ streamName, streamArn: `arn:${streamName}` }),
    listShards: () => Promise.resolve([{ shardId: endlessShard, closed: false }]),
    read({ afterSequenceNumber = "0" }) {
      const first = Number(afterSequenceNumber) + 1;
      const last = Math.min(end, first + 499);
      const records = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
        sequenceNumber: String(first + index).padStart(56, "0"),
        partitionKey: "key",
        arrivedAt: 1_700_000_000_000 + first + index,
        data: Buffer.from(JSON.stringify({ n: first + index })),
      }));
      return Promise.resolve({ records, atTip: last >= end, ended: false });
    },
    onAppend: () => () => undefined,
  };
}
