import { memoryOf } from "../kinesis/process-usage.ts";
import type { Memory } from "../kinesis/process-usage.ts";
import { say } from "../progress.ts";
import { untilVisible } from "./arrivals.ts";
import type { CloudUnderTest } from "./cloud-under-test.ts";
import { sendSteadily } from "./load.ts";
import type { Plan } from "./plan.ts";
import { TYPED_GROUP_BY } from "./readers.ts";

/** What a view that grows takes, and what is left to do after the last event was sent. */
export interface Growth {
  readonly rows: number;
  readonly sentPerSecond: number;
  readonly seconds: number;
  /** From the last confirmation until all is visible. */
  readonly catchUpSeconds: number;
  readonly atRest: Memory | undefined;
  readonly memory: readonly (Memory & { readonly seconds: number })[];
  /** Milliseconds from the start of a process over the data to the rows of the typed group-by, its first query. */
  readonly restartMs: number;
}

const SAMPLE_INTERVAL_MS = 500;

/** Grows an empty view at a steady rate until all its rows are there, and starts a new process over it. Throws when a row is missing. */
export async function measureGrowth(cloud: CloudUnderTest, plan: Plan): Promise<Growth> {
  say(`${plan.growthRows} events at ${plan.growthRate}/s`);
  const memory: (Memory & { seconds: number })[] = [];
  const atRest = memoryOf(cloud.process.pid);
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const now = memoryOf(cloud.process.pid);
    if (now) memory.push({ ...now, seconds: (performance.now() - startedAt) / 1_000 });
  }, SAMPLE_INTERVAL_MS);
  try {
    const load = { form: "single", ratePerSecond: plan.growthRate, count: plan.growthRows } as const;
    const sent = await sendSteadily(cloud, load);
    const confirmedAt = performance.now();
    await untilVisible(cloud, sent.records);
    const catchUpSeconds = (performance.now() - confirmedAt) / 1_000;
    clearInterval(timer);
    say("a new process over the same data");
    const restartMs = await cloud.restart(TYPED_GROUP_BY);
    return {
      rows: sent.records,
      sentPerSecond: sent.events / sent.seconds,
      seconds: sent.seconds,
      catchUpSeconds,
      atRest,
      memory,
      restartMs,
    };
  } finally {
    clearInterval(timer);
  }
}
