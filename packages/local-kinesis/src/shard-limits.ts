/**
 * What a shard takes in a second. Every put asks it for each of its records, in order; a refused record is answered
 * with `ProvisionedThroughputExceededException`, the others are stored.
 */
export interface ShardLimits {
  /** Whether a record of so many bytes, key included, may come in now. */
  admitWrite(bytes: number): boolean;
}

/** No limits: the rates of AWS (1 MiB and 1,000 records a second) are not enforced yet. */
export const unlimited: ShardLimits = { admitWrite: () => true };
