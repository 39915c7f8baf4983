/** How much a run of this bench does. */
export interface Plan {
  /** Rounds of every cell; one after the other over all servers, so that a moment in which the machine is busy falls on all of them. */
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Longest time to fill one stream of one server for the reads. */
  readonly fillMs: number;
  /** Records of the long stream, and how many of them are one point of its curve. */
  readonly longRecords: number;
  readonly longStep: number;
}

/** About a quarter of an hour, most of which the slowest peer takes. */
export const FULL_PLAN: Plan = {
  rounds: 5,
  warmUpMs: 200,
  measureMs: 800,
  fillMs: 4_000,
  longRecords: 5_000_000,
  longStep: 250_000,
};

/** About half a minute. */
export const QUICK_PLAN: Plan = {
  rounds: 1,
  warmUpMs: 100,
  measureMs: 300,
  fillMs: 500,
  longRecords: 500_000,
  longStep: 50_000,
};
