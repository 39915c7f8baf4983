/** What a shard takes. */
export interface WriteLimit {
  /** Whether a record of so many bytes, key included, may come in at a time, epoch ms; if so, it counts. */
  admit(bytes: number, now: number): boolean;
}

/** Source: Kinesis API reference, CreateStream ("up to 1,000 records per second", "1 MiB per second"). */
export const WRITE_RECORDS_PER_SECOND = 1000;
/** As above. That keys count: Kinesis developer guide, quotas and limits (edition of 2021). */
export const WRITE_BYTES_PER_SECOND = 1024 * 1024;
/** Source: Kinesis developer guide, handle large records ("burst up to 10 MiBs while averaging 1 MiB per second"). */
export const WRITE_BURST_BYTES = 10 * 1024 * 1024;

/**
 * The limit of one shard, which starts unused. A second's worth is held for records and bytes alike; a refused record
 * costs nothing, so smaller ones after it may still fit.
 *
 * Records above 1 MiB draw on a tank of 10 MiB, which everything else that is written drains too and which fills at the
 * same 1 MiB a second. So they come in now and then, the average stays, and smaller records go on as capacity returns.
 * Both levels are kept here rather than in two `TokenBucket`s, because every record that is put asks.
 */
export function createWriteLimit(): WriteLimit {
  // Levels in thousandths, as in `TokenBucket`.
  const fullSecond = WRITE_BYTES_PER_SECOND * 1000;
  const fullTank = WRITE_BURST_BYTES * 1000;
  const fullRecords = WRITE_RECORDS_PER_SECOND * 1000;
  let second = fullSecond;
  let tank = fullTank;
  let records = fullRecords;
  let filledAt = Number.NaN;

  return {
    admit(bytes, now) {
      if (now !== filledAt) {
        if (now > filledAt) {
          const elapsed = now - filledAt;
          second = Math.min(fullSecond, second + elapsed * WRITE_BYTES_PER_SECOND);
          tank = Math.min(fullTank, tank + elapsed * WRITE_BYTES_PER_SECOND);
          records = Math.min(fullRecords, records + elapsed * WRITE_RECORDS_PER_SECOND);
        }
        filledAt = now;
      }
      const cost = bytes * 1000;
      if (records < 1000 || (bytes > WRITE_BYTES_PER_SECOND ? tank : second) < cost) return false;
      records -= 1000;
      tank -= cost;
      // After a large record there is no more for the others than there is in the tank.
      second = Math.min(bytes > WRITE_BYTES_PER_SECOND ? second : second - cost, tank);
      return true;
    },
  };
}
