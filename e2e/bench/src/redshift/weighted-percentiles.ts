/** Percentiles of many values. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly count: number;
}

/** Percentiles of values that stand for several each. */
export function weightedPercentiles(
  values: readonly { readonly value: number; readonly weight: number }[],
): Percentiles {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const count = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const at = (share: number): number => {
    let passed = 0;
    return sorted.find(({ weight }) => (passed += weight) > share * count)?.value ?? NaN;
  };
  return { p50: at(0.5), p95: at(0.95), max: sorted.at(-1)?.value ?? NaN, count };
}
