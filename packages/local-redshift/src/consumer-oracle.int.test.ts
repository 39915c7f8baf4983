import { expect, it } from "vitest";
import { makeSchedule } from "../testing/consumer-oracle/schedule.ts";
import { runSchedule } from "../testing/consumer-oracle/run-schedule.ts";

/** `MILLRACE_ORACLE_SCHEDULES=500` runs 500; `MILLRACE_ORACLE_SEED=77` begins with that seed, to repeat one. */
const count = Number(process.env["MILLRACE_ORACLE_SCHEDULES"] ?? 15);
const firstSeed = Number(process.env["MILLRACE_ORACLE_SEED"] ?? 1);
const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);

it.concurrent.for(seeds)(
  "views hold each record exactly once, in the order of its shard, after schedule %i",
  { timeout: 120_000 },
  async (seed, { onTestFinished }) => {
    const schedule = makeSchedule(seed);
    expect(schedule).toEqual(makeSchedule(seed));
    await runSchedule(schedule, onTestFinished);
  },
);
