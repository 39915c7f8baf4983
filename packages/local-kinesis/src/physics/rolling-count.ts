/** What may happen so many times within any period of one length. */
export interface RollingCount {
  /** Whether it may happen once more at a time, epoch ms. */
  hasRoom(now: number): boolean;
  /** Notes that it has happened. */
  note(now: number): void;
  /** Whether nothing is noted that still counts. */
  isEmpty(now: number): boolean;
}

/** A count that remembers at most `limit` times. */
export function createRollingCount({
  limit,
  periodMs,
}: {
  readonly limit: number;
  readonly periodMs: number;
}): RollingCount {
  let times: number[] = [];
  const recent = (now: number): number[] => (times = times.filter((time) => time > now - periodMs));
  return {
    hasRoom: (now) => recent(now).length < limit,
    note(now) {
      times = [...recent(now), now].slice(-limit);
    },
    isEmpty: (now) => recent(now).length === 0,
  };
}
