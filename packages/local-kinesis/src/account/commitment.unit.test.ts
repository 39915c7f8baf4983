import { describe, expect, it } from "vitest";
import { describeCommitment, disableCommitment, enableCommitment, isCommitted } from "./commitment.ts";

const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

describe("a commitment", () => {
  it("is disabled before it was ever enabled, and disabling it changes nothing", () => {
    expect(describeCommitment(undefined, START)).toEqual({ Status: "DISABLED" });
    expect(disableCommitment(undefined, START)).toBeUndefined();
  });

  it("that is disabled within its first day goes on to the end of that day", () => {
    const ending = disableCommitment(enableCommitment(undefined, START), START + HOUR_MS);
    expect(describeCommitment(ending, START + HOUR_MS)).toEqual({
      Status: "ENABLED_UNTIL_EARLIEST_ALLOWED_END",
      StartedAt: new Date(START),
      EarliestAllowedEndAt: new Date(START + 24 * HOUR_MS),
    });
    expect(isCommitted(ending, START + 24 * HOUR_MS - 1)).toBe(true);
    expect(describeCommitment(ending, START + 24 * HOUR_MS)).toEqual({
      Status: "DISABLED",
      StartedAt: new Date(START),
      EndedAt: new Date(START + 24 * HOUR_MS),
    });
  });

  it("that is enabled again before its end goes on as before", () => {
    const ending = disableCommitment(enableCommitment(undefined, START), START + HOUR_MS);
    const again = enableCommitment(ending, START + 2 * HOUR_MS);
    expect(describeCommitment(again, START + 30 * HOUR_MS)).toMatchObject({
      Status: "ENABLED",
      StartedAt: new Date(START),
    });
  });

  it("ends at once after its first day, and begins anew when it is enabled after that", () => {
    const ended = disableCommitment(enableCommitment(undefined, START), START + 25 * HOUR_MS);
    expect(isCommitted(ended, START + 25 * HOUR_MS)).toBe(false);
    expect(disableCommitment(ended, START + 26 * HOUR_MS)).toEqual(ended);
    const again = enableCommitment(ended, START + 27 * HOUR_MS);
    expect(describeCommitment(again, START + 27 * HOUR_MS)).toMatchObject({
      Status: "ENABLED",
      StartedAt: new Date(START + 27 * HOUR_MS),
    });
  });
});
