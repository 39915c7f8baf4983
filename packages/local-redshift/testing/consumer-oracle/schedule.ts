import { createRandom } from "@millrace/local-wire/testing/random";

/** Where the database of a schedule runs and how it reads: in this process by either reader, or as the command, a process of its own. */
export type Manner = "in process" | "over the API" | "as the command";

/** One thing that happens. */
export type Step =
  | { readonly kind: "put"; readonly records: readonly { readonly key: string; readonly text: string }[] }
  | { readonly kind: "split" | "merge"; readonly pick: number }
  | { readonly kind: "refresh"; readonly view: string; readonly waits: boolean }
  | { readonly kind: "auto refresh"; readonly view: string; readonly on: boolean }
  /** The process of the database ends at once, and another opens what it left. */
  | { readonly kind: "kill" }
  /** The database is closed in order and opened again. */
  | { readonly kind: "restart" }
  | { readonly kind: "recreate"; readonly view: string }
  /** A day goes by, so that every record up to here is past its retention; views named here are caught up before. */
  | { readonly kind: "retention"; readonly caughtUp: readonly string[] };

/** What happens in one run, all of it from the seed. */
export interface Schedule {
  readonly seed: number;
  readonly manner: Manner;
  /** Calls of the Kinesis API that fail, of a hundred. */
  readonly faultPercent: number;
  readonly autoViews: readonly string[];
  readonly steps: readonly Step[];
}

/** The streaming views of every schedule: one keeps what is no JSON beside, one leaves it out, one has a row for each shard alone. */
export const viewNames = ["guarded", "filtered", "counted"] as const;

const stepsInProcess = 24;
const stepsAsCommand = 14;

/** Makes the schedule of a seed. */
export function makeSchedule(seed: number): Schedule {
  const random = createRandom(seed);
  const manner: Manner = seed % 25 === 7 ? "as the command" : random.chance(0.3) ? "over the API" : "in process";
  const count = manner === "as the command" ? stepsAsCommand : stepsInProcess;
  let number = 0;
  const makeRecord = () => {
    number += 1;
    const text = random.chance(0.1) ? `no JSON ${number}` : JSON.stringify({ n: number });
    return { key: `key-${random.below(40)}`, text };
  };
  const makeStep = (): Step => {
    const view = random.pick(viewNames);
    const chance = random.below(100);
    if (chance < 45) return { kind: "put", records: Array.from({ length: 1 + random.below(40) }, makeRecord) };
    if (chance < 55) return { kind: "split", pick: random.below(1_000) };
    if (chance < 63) return { kind: "merge", pick: random.below(1_000) };
    if (chance < 75) return { kind: "refresh", view, waits: random.chance(0.5) };
    if (chance < 80) return { kind: "auto refresh", view, on: random.chance(0.5) };
    if (chance < 89) return { kind: "kill" };
    if (chance < 92) return { kind: "restart" };
    if (chance < 95) return { kind: "recreate", view };
    return { kind: "retention", caughtUp: viewNames.filter(() => random.chance(0.5)) };
  };
  return {
    seed,
    manner,
    faultPercent: random.chance(0.3) ? 10 : 0,
    autoViews: viewNames.filter(() => random.chance(0.7)),
    steps: Array.from({ length: count }, makeStep),
  };
}
