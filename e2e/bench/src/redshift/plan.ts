/** How much a run of this bench does. */
export interface Plan {
  /** Events a second that arrive, one round of latency each; the last may be more than the server takes. */
  readonly rates: readonly number[];
  readonly latencyMs: number;
  /** Not counted, at the start of a round. */
  readonly warmUpMs: number;
  /** The view that grows: how fast and how large. */
  readonly growthRate: number;
  readonly growthRows: number;
  /** Events in the views that are asked for SUPER values. */
  readonly superRows: number;
  /** How long paths that are asked for may take to be shredded. */
  readonly shreddingMs: number;
  /** How often each query is asked. */
  readonly queryRounds: number;
}

/** About ten minutes. */
export const FULL_PLAN: Plan = {
  rates: [1_000, 20_000, 50_000, 100_000],
  latencyMs: 6_000,
  warmUpMs: 2_000,
  growthRate: 50_000,
  growthRows: 10_000_000,
  superRows: 1_000_000,
  shreddingMs: 120_000,
  queryRounds: 20,
};

/** The same with ten minutes of growth: about a quarter of an hour. */
export const LONG_PLAN: Plan = { ...FULL_PLAN, growthRows: 30_000_000 };

/** About a minute. */
export const QUICK_PLAN: Plan = {
  rates: [1_000, 20_000],
  latencyMs: 2_000,
  warmUpMs: 500,
  growthRate: 30_000,
  growthRows: 150_000,
  superRows: 50_000,
  shreddingMs: 10_000,
  queryRounds: 5,
};
