/** The shard iterator with which a null endpoint answers pages of records of one size; as long as the local Kinesis's. */
export function nullIterator(recordBytes: number): string {
  return `null-${recordBytes}-`.padEnd(112, "A");
}
