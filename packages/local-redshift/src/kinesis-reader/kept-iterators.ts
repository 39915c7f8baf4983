/** Where in a shard to read on. */
export interface KeptIterator {
  readonly iterator: string;
  /** The iterator stands at this record, which has been read before, and not behind it. */
  readonly standsAt?: string;
}

/** Iterators of one shard: several views may stand at different records. */
const keptForEachShard = 16;

/** Iterators by shard and by the record that they are behind, the newest of each shard. */
export class KeptIterators {
  readonly #shards = new Map<string, Map<string, KeptIterator>>();

  find(shard: string, behind: string): KeptIterator | undefined {
    return this.#shards.get(shard)?.get(behind);
  }

  keep(shard: string, behind: string, kept: KeptIterator): void {
    const iterators = this.#shards.get(shard) ?? new Map<string, KeptIterator>();
    this.#shards.set(shard, iterators);
    iterators.delete(behind);
    iterators.set(behind, kept);
    const [oldest] = iterators.keys();
    if (iterators.size > keptForEachShard) iterators.delete(oldest!);
  }

  forget(shard: string): void {
    this.#shards.delete(shard);
  }
}
