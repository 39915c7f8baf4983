import type { StreamReader, StreamRecord } from "../src/index.ts";

/** Every record of a stream, with the shard it lies in, each shard in order. */
export async function readAll(
  reader: StreamReader,
  streamName: string,
  pageSize = 1000,
): Promise<(StreamRecord & { readonly shardId: string })[]> {
  const records: (StreamRecord & { readonly shardId: string })[] = [];
  for (const { shardId } of await reader.listShards(streamName)) {
    let afterSequenceNumber: string | undefined;
    for (let atTip = false; !atTip;) {
      const page = await reader.read({
        streamName,
        shardId,
        maxRecords: pageSize,
        maxBytes: 1e9,
        ...(afterSequenceNumber === undefined ? {} : { afterSequenceNumber }),
      });
      records.push(...page.records.map((record) => ({ ...record, shardId })));
      afterSequenceNumber = page.records.at(-1)?.sequenceNumber ?? afterSequenceNumber;
      atTip = page.atTip;
    }
  }
  return records;
}
