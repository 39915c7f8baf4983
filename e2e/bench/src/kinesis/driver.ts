/** Most records of a GetRecords; what a client gets that names no limit. A page with fewer was the last. */
export const RECORDS_PER_PAGE = 10_000;

/** A client under load: each call resolves with the records it moved, and throws if any of them was refused. */
export interface Driver {
  /** One PutRecords. */
  putRecords(): Promise<number>;
  /** One PutRecord. */
  putRecord(): Promise<number>;
  /** One GetRecords on a shard's iterators, from the first record on and again from there after the last. */
  getRecords(reading: Reading): Promise<number>;
  close(): void;
}

/** How far the reading of a shard has come. */
export interface Reading {
  /** Of the first record. */
  readonly start: string;
  /** Of the next. */
  next: string;
}

/** Moves a reading on. */
export function advance(reading: Reading, records: number, nextIterator: string | undefined): void {
  reading.next = records < RECORDS_PER_PAGE ? reading.start : (nextIterator ?? reading.start);
}
