import fc from "fast-check";
import { describe, it } from "vitest";
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
  const property = fc.asyncProperty(shardCount, steps, async (count, schedule) => {
    const world = await open();
    try {
      const run = await startModelRun(world, count);
      for (const step of schedule) await run.take(step);
      await run[read]();
    } finally {
      await world.close();
    }
  });
  return fc.assert(property, bounds);
}

describe("a stream agrees with its model", () => {
  it("whatever is put, read, resharded, expired and reopened", () =>
    check(anySchedule, openDirectWorld, "readAll", { numRuns: 150, interruptAfterTimeLimit: 8_000 }));

  it("so that a consumer that keeps to the lineage reads each record once, and those of a hash key in put order", () =>
    check(consumedSchedule, openDirectWorld, "consumeAll", { numRuns: 100, interruptAfterTimeLimit: 6_000 }));

  it("over the wire too", () =>
    check(anySchedule, openWireWorld, "readAll", { numRuns: 20, interruptAfterTimeLimit: 6_000 }));
});
