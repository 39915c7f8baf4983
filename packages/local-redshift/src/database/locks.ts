import { SqlError } from "../sql/sql-error.ts";

/** How a statement uses a relation: reading, changing rows, or alone. Source: Database Developer Guide, r_LOCK, c_write_readwrite. */
export type LockMode = "share" | "write" | "exclusive";

/** What a lock is on: an object, or a name that is about to be taken. */
export type LockKey = number | `name:${string}`;

/** Whoever holds locks: a session or the refresh of a view. */
export interface LockOwner {
  readonly pid: number;
}

interface Waiter {
  readonly owner: LockOwner;
  readonly mode: LockMode;
  grant(): void;
  fail(error: Error): void;
}

/** A lock that someone has or, when it is not granted, waits for. */
export interface ListedLock {
  readonly owner: LockOwner;
  readonly key: LockKey;
  readonly mode: LockMode;
  readonly isGranted: boolean;
}

interface Lock {
  readonly holders: Map<LockOwner, LockMode>;
  readonly queue: Waiter[];
}

const strength: Readonly<Record<LockMode, number>> = { share: 0, write: 1, exclusive: 2 };
/** Readers go with one writer; writers of one relation wait for each other; who is alone waits for all. */
const goTogether = (a: LockMode, b: LockMode) =>
  (a === "share" && b !== "exclusive") || (b === "share" && a !== "exclusive");

/**
 * Locks on relations, by object id, held to the end of a transaction. Who cannot have a lock waits in a queue, and nobody overtakes
 * whom he would hold up, so that a LOCK is not starved by readers.
 */
export class LockManager {
  readonly #locks = new Map<LockKey, Lock>();
  readonly #waiting = new Map<LockOwner, LockKey>();
  readonly #awaiting = new Map<LockOwner, LockOwner>();

  /**
   * Takes a lock or waits for it; resolves to whether it had to wait. Rejects with `deadlock detected` when the wait would never end,
   * and when `signal` ends it. Who `overtakes` waits for those who have the lock and not for those who wait for it.
   */
  async take(
    owner: LockOwner,
    oid: LockKey,
    mode: LockMode,
    signal?: AbortSignal,
    { overtakes = false }: { readonly overtakes?: boolean } = {},
  ): Promise<boolean> {
    const lock = this.#lockOf(oid);
    const held = lock.holders.get(owner);
    if (held !== undefined && strength[held] >= strength[mode]) return false;
    const isFirst = overtakes || held !== undefined;
    const holdsUpNobody = lock.queue.every((waiter) => goTogether(waiter.mode, mode));
    if (this.#isFree(lock, owner, mode) && (isFirst || holdsUpNobody)) {
      lock.holders.set(owner, mode);
      return false;
    }
    await this.#wait(lock, oid, owner, mode, isFirst, signal);
    return true;
  }

  /** Takes a lock when it can be had at once, without a place in the queue; answers whether it was. */
  takeIfFree(owner: LockOwner, oid: LockKey, mode: LockMode): boolean {
    const lock = this.#locks.get(oid);
    if (lock !== undefined && (lock.queue.length > 0 || !this.#isFree(lock, owner, mode))) return false;
    this.#lockOf(oid).holders.set(owner, mode);
    return true;
  }

  /** Does what makes `owner` wait for the work of another one. Rejects with `deadlock detected` when that one waits for `owner`. */
  async whileAwaiting<Result>(owner: LockOwner, other: LockOwner, work: () => Promise<Result>): Promise<Result> {
    if (this.#leadsTo(owner, [other], new Set())) throw deadlock();
    this.#awaiting.set(owner, other);
    try {
      return await work();
    } finally {
      this.#awaiting.delete(owner);
    }
  }

  /** Gives back the locks of an owner: all of them, or the one on `key`. */
  release(owner: LockOwner, key?: LockKey): void {
    for (const [oid, lock] of this.#locks) {
      if ((key !== undefined && key !== oid) || !lock.holders.delete(owner)) continue;
      this.#grantNext(lock);
      if (lock.holders.size === 0 && lock.queue.length === 0) this.#locks.delete(oid);
    }
  }

  /** Locks as they are now, those of each object in the order in which they were asked for. */
  list(): ListedLock[] {
    return [...this.#locks].flatMap(([key, lock]) => [
      ...[...lock.holders].map(([owner, mode]) => ({ owner, key, mode, isGranted: true })),
      ...lock.queue.map(({ owner, mode }) => ({ owner, key, mode, isGranted: false })),
    ]);
  }

  async #wait(
    lock: Lock,
    oid: LockKey,
    owner: LockOwner,
    mode: LockMode,
    first: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    this.#waiting.set(owner, oid);
    try {
      await new Promise<void>((resolve, reject) => {
        const waiter: Waiter = { owner, mode, grant: resolve, fail: reject };
        if (first) lock.queue.unshift(waiter);
        else lock.queue.push(waiter);
        // Once it has its place, those behind it wait for it as well.
        if (this.#leadsTo(owner, this.#aheadOf(owner), new Set())) this.#leave(lock, waiter, deadlock());
        signal?.addEventListener("abort", () => this.#leave(lock, waiter, cancelled(owner)), { once: true });
        if (signal?.aborted === true) this.#leave(lock, waiter, cancelled(owner));
      });
    } finally {
      this.#waiting.delete(owner);
    }
  }

  #leave(lock: Lock, waiter: Waiter, error: SqlError): void {
    const index = lock.queue.indexOf(waiter);
    if (index < 0) return;
    lock.queue.splice(index, 1);
    waiter.fail(error);
    this.#grantNext(lock);
  }

  #grantNext(lock: Lock): void {
    for (
      let next = lock.queue[0];
      next !== undefined && this.#isFree(lock, next.owner, next.mode);
      next = lock.queue[0]
    ) {
      lock.queue.shift();
      lock.holders.set(next.owner, next.mode);
      // At once: whoever asks before the owner goes on would take it for one that waits.
      this.#waiting.delete(next.owner);
      next.grant();
    }
  }

  #isFree(lock: Lock, owner: LockOwner, mode: LockMode): boolean {
    return [...lock.holders].every(([holder, held]) => holder === owner || goTogether(held, mode));
  }

  /** Whether one of these waits, by whatever way, for `owner`. */
  #leadsTo(owner: LockOwner, others: readonly LockOwner[], seen: Set<LockOwner>): boolean {
    return others.some((other) => {
      if (other === owner) return true;
      if (seen.has(other)) return false;
      seen.add(other);
      return this.#leadsTo(owner, this.#aheadOf(other), seen);
    });
  }

  /** Whom an owner waits for: who has what it cannot have beside them, and who is before it in the queue. */
  #aheadOf(owner: LockOwner): readonly LockOwner[] {
    const awaited = this.#awaiting.get(owner);
    if (awaited !== undefined) return [awaited];
    const oid = this.#waiting.get(owner);
    const lock = oid === undefined ? undefined : this.#locks.get(oid);
    const place = lock?.queue.findIndex((waiter) => waiter.owner === owner) ?? -1;
    if (lock === undefined || place < 0) return [];
    const { mode } = lock.queue[place]!;
    const holders = [...lock.holders].filter(([holder, held]) => holder !== owner && !goTogether(held, mode));
    return [...holders.map(([holder]) => holder), ...lock.queue.slice(0, place).map((waiter) => waiter.owner)];
  }

  #lockOf(oid: LockKey): Lock {
    const lock = this.#locks.get(oid) ?? { holders: new Map(), queue: [] };
    this.#locks.set(oid, lock);
    return lock;
  }
}

const deadlock = () => new SqlError("deadlock detected", { sqlState: "40P01" });
const cancelled = ({ pid }: LockOwner) =>
  new SqlError(`Query (${pid}) cancelled on user's request`, { sqlState: "57014" });
