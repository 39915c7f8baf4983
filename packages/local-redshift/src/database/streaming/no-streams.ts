import type { StreamReader } from "./stream-reader.ts";

/** A Kinesis without a stream. */
export const noStreams: StreamReader = {
  describe: () => Promise.resolve(undefined),
  listShards: () => Promise.resolve([]),
  read: () => Promise.resolve({ records: [], atTip: true, ended: false }),
  onAppend: () => () => undefined,
};
