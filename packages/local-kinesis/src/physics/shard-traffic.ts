/** What comes into one shard of an on-demand stream, and whether that is too much for one shard. */
export interface ShardTraffic {
  /** Counts records that were stored at a time, epoch ms: their number, and their bytes with keys. */
  count(records: number, bytes: number, now: number): void;
  /** Whether the shard is to be split. */
  isDueForSplit(now: number): boolean;
}

/**
 * Source: Kinesis developer guide, on-demand mode, handling exceptions ("when the incoming traffic exceeds 500 KB/s per
 * shard, it splits the shard within 15 minutes"). That it is measured by the minute, as CloudWatch does, that half of
 * 1,000 records/s counts alike, and that the 15 minutes are used up, is not confirmed.
 */
const HOT_BYTES_PER_SECOND = 500 * 1024;
const HOT_RECORDS_PER_SECOND = 500;
const MINUTE_MS = 60_000;
const SPLIT_AFTER_MINUTES = 15;

/** The traffic of a shard that has had none. */
export function createShardTraffic(): ShardTraffic {
  let minute = 0;
  let records = 0;
  let bytes = 0;
  let hotSince = Infinity;
  return {
    count(moreRecords, moreBytes, now) {
      const current = Math.floor(now / MINUTE_MS);
      if (current !== minute) [minute, records, bytes] = [current, 0, 0];
      records += moreRecords;
      bytes += moreBytes;
      if (records > HOT_RECORDS_PER_SECOND * 60 || bytes > HOT_BYTES_PER_SECOND * 60) {
        hotSince = Math.min(hotSince, current);
      }
    },
    isDueForSplit: (now) => Math.floor(now / MINUTE_MS) >= hotSince + SPLIT_AFTER_MINUTES,
  };
}
