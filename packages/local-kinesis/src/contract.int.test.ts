import { describe, it, onTestFinished } from "vitest";
import { CONTRACTS } from "../testing/contract/index.ts";
import { startTarget } from "../testing/contract/target.ts";

describe.each(CONTRACTS)("$about", ({ cases }) => {
  it.each(cases)("$title", async ({ options, run }) => {
    const [target, stop] = await startTarget(options);
    onTestFinished(stop);
    await run(target);
  });
});
