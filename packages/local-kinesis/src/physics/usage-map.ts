/** Usage by key, which is dropped again once it stands as if new: memory follows what is in use. */
export interface UsageMap<Usage> {
  /** The usage of a key, made if there is none. `now`: epoch ms. */
  get(key: string, now: number, create: () => Usage): Usage;
}

const SWEEP_AT = 1000;

/** An empty map. `isUnused` says whether a usage may be dropped at a time. */
export function createUsageMap<Usage>(isUnused: (usage: Usage, now: number) => boolean): UsageMap<Usage> {
  const usages = new Map<string, Usage>();
  let sweepAt = SWEEP_AT;
  return {
    get(key, now, create) {
      const known = usages.get(key);
      if (known !== undefined) return known;
      if (usages.size >= sweepAt) {
        for (const [other, usage] of usages) if (isUnused(usage, now)) usages.delete(other);
        // So late that sweeps in vain cost little for each key.
        sweepAt = Math.max(SWEEP_AT, usages.size * 2);
      }
      const created = create();
      usages.set(key, created);
      return created;
    },
  };
}
