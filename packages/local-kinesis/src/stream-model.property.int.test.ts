import fc from "fast-check";
import { describe, it } from "vitest";
import { concurrentLoad, runConcurrently } from "../testing/model/concurrent-run.ts";
import { startModelRun } from "../testing/model/model-run.ts";
import { openDirectWorld, openWireWorld } from "../testing/model/model-world.ts";
import type { ModelWorld } from "../testing/model/model-world.ts";
import { anySchedule, consumedSchedule } from "../testing/model/schedule.ts";
import type { Step } from "../testing/model/schedule.ts";

const shardCount = fc.integer({ min: 1, max: 5 });

/** As many schedules as fit into the time. A failure is shrunk for as long, and names the seed and path to repeat it with. */
function check(
  steps: fc.Arbitrary<readonly Step[]>,
  open: () => Promise<ModelWorld>,
  read: "readAll" | "consumeAll",
  bounds: fc.Parameters<[number, readonly Step[]]>,
): Promise<void> {
  const property = fc.asyncProperty(shardCount, steps, (count, schedule) =>
    inWorld(open, async (world) => {
      const run = await startModelRun(world, count);
      for (const step of schedule) await run.take(step);
      await run[read]();
    }),
  );
  return fc.assert(property, bounds);
}

async function inWorld(open: () => Promise<ModelWorld>, use: (world: ModelWorld) => Promise<void>): Promise<void> {
  const world = await open();
  try {
    await use(world);
  } finally {
    await world.close();
  }
}

describe("a stream agrees with its model", () => {
  it("whatever is put, read, resharded, expired and reopened", () =>
    check(anySchedule, openDirectWorld, "readAll", { numRuns: 150, interruptAfterTimeLimit: 3_000 }));

  it("so that a consumer that keeps to the lineage reads each record once, and those of a hash key in put order", () =>
    check(consumedSchedule, openDirectWorld, "consumeAll", { numRuns: 100, interruptAfterTimeLimit: 2_500 }));

  it("so that a consumer reads each record once while puts and changes of shards go on", () => {
    const property = fc.asyncProperty(concurrentLoad, (load) =>
      inWorld(openDirectWorld, (world) => runConcurrently(world, load)),
    );
    return fc.assert(property, { numRuns: 40, interruptAfterTimeLimit: 2_000 });
  });

  it("over the wire too", () =>
    check(anySchedule, openWireWorld, "readAll", { numRuns: 20, interruptAfterTimeLimit: 2_500 }));
});
