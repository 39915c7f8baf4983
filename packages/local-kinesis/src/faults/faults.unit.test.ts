import { describe, expect, it } from "vitest";
import type { FaultPlan, FaultRule } from "./fault-plan.ts";
import { createFaults } from "./faults.ts";

const OPERATIONS = new Set(["PutRecords", "GetRecords", "ListStreams"]);

/** What so many calls meet under a plan. */
function meet(plan: FaultPlan, calls = 200, operation = "PutRecords", stream: string | undefined = "s") {
  const faults = createFaults(OPERATIONS);
  faults.set(plan);
  const met = Array.from({ length: calls }, () => faults.forCall(operation, () => stream));
  return { faults, met, kinds: met.map((each) => each?.rule?.kind) };
}

const throttle: FaultRule = { kind: "throttle", rate: 0.3 };
const reset: FaultRule = { kind: "reset", rate: 0.3 };

describe("faults", () => {
  it("are none without a plan, and none after it was cleared", () => {
    const faults = createFaults(OPERATIONS);
    expect(faults.forCall("PutRecords", () => "s")).toBeUndefined();
    expect(faults.forRecords("s")).toBeUndefined();
    expect(faults.report()).toEqual({ rules: [] });
    faults.set({ seed: 1, rules: [{ ...throttle, rate: 1 }] });
    expect(faults.forCall("PutRecords", () => "s")).toMatchObject({ delayMs: 0, rule: { kind: "throttle" } });
    faults.clear();
    expect(faults.forCall("PutRecords", () => "s")).toBeUndefined();
    expect(faults.report()).toEqual({ rules: [] });
  });

  it("come in the same order for the same seed, and in another for another", () => {
    const plan = { seed: 7, rules: [throttle] };
    expect(meet(plan).kinds).toEqual(meet(plan).kinds);
    expect(meet({ ...plan, seed: 8 }).kinds).not.toEqual(meet(plan).kinds);
  });

  it("begin anew when the plan is set again", () => {
    const plan = { seed: 7, rules: [throttle] };
    const { faults, kinds } = meet(plan);
    faults.set(plan);
    expect(faults.report()).toEqual({ seed: 7, rules: [{ ...throttle, asked: 0, hits: 0 }] });
    expect(kinds.map(() => faults.forCall("PutRecords", () => "s")?.rule?.kind)).toEqual(kinds);
  });

  it("of one rule stay where they are when a rule is added before or behind it", () => {
    const hitBy = (rules: FaultRule[]) =>
      meet({ seed: 7, rules })
        .met.map((each, call) => (each?.rule?.kind === "throttle" ? call : -1))
        .filter((call) => call >= 0);
    const alone = hitBy([throttle]);
    expect(alone.length).toBeGreaterThan(20);
    expect(hitBy([throttle, reset])).toEqual(alone);
    expect(hitBy([{ kind: "latency", rate: 0.5, latencyMs: [1, 2] }, throttle])).toEqual(alone);
    // Only what the other took is missing.
    expect(alone).toEqual(expect.arrayContaining(hitBy([reset, throttle])));
  });

  it("of two rules that are alike do not come together", () => {
    const { faults } = meet({ seed: 7, rules: [throttle, throttle] });
    expect(faults.report().rules.map(({ asked }) => asked)).toEqual([200, 200]);
    expect(faults.report().rules[1]?.hits).toBeGreaterThan(0);
  });

  it("come at their rate", () => {
    const { faults } = meet({ seed: 7, rules: [{ kind: "throttle", rate: 0.25 }] }, 20_000);
    expect((faults.report().rules[0]?.hits ?? 0) / 20_000).toBeCloseTo(0.25, 2);
    expect(meet({ seed: 7, rules: [{ kind: "throttle", rate: 0 }] }).kinds).not.toContain("throttle");
    expect(new Set(meet({ seed: 7, rules: [{ kind: "throttle", rate: 1 }] }).kinds)).toEqual(new Set(["throttle"]));
  });

  it("befall the operations and streams of their scope", () => {
    const of = (scope: Partial<FaultRule>, operation: string, stream?: string) =>
      meet({ seed: 7, rules: [{ kind: "throttle", rate: 1, ...scope } as FaultRule] }, 1, operation, stream).kinds[0];
    expect(of({ operations: ["GetRecords"] }, "GetRecords", "s")).toBe("throttle");
    expect(of({ operations: ["GetRecords"] }, "PutRecords", "s")).toBeUndefined();
    expect(of({ streams: ["s"] }, "PutRecords", "s")).toBe("throttle");
    expect(of({ streams: ["s"] }, "PutRecords", "other")).toBeUndefined();
    const faults = createFaults(OPERATIONS);
    faults.set({ seed: 7, rules: [{ kind: "throttle", rate: 1, streams: ["s"] }] });
    expect(faults.forCall("ListStreams", () => undefined)).toBeUndefined();
    expect(faults.report().rules[0]?.asked).toBe(0);
  });

  it("end after so many times", () => {
    const { kinds, faults } = meet({ seed: 7, rules: [{ kind: "throttle", rate: 1, times: 3 }] });
    expect(kinds.slice(0, 4)).toEqual(["throttle", "throttle", "throttle", undefined]);
    expect(faults.report().rules[0]).toMatchObject({ asked: 3, hits: 3 });
  });

  it("wait within their bounds, and waits add up", () => {
    const { met } = meet({ seed: 7, rules: [{ kind: "latency", rate: 1, latencyMs: [10, 20] }] });
    const delays = met.map((each) => each?.delayMs ?? 0);
    expect(delays.every((delay) => delay >= 10 && delay <= 20)).toBe(true);
    expect(new Set(delays).size).toBeGreaterThan(100);
    const both = meet({
      seed: 7,
      rules: [
        { kind: "latency", rate: 1, latencyMs: [5, 5] },
        throttle,
        { kind: "latency", rate: 1, latencyMs: [7, 7] },
      ],
    });
    expect(new Set(both.met.map((each) => each?.delayMs))).toEqual(new Set([12]));
    expect(both.kinds).toEqual(meet({ seed: 7, rules: [throttle] }).kinds);
  });

  it("of records are asked record by record, over calls, and until they end", () => {
    const faults = createFaults(OPERATIONS);
    const plan: FaultPlan = { seed: 7, rules: [{ kind: "record-failure", rate: 0.3, streams: ["s"], times: 50 }] };
    faults.set(plan);
    expect(faults.forCall("PutRecords", () => "s")).toBeUndefined();
    expect(faults.forRecords("other")).toBeUndefined();
    const ask = (records: number) => {
      const next = faults.forRecords("s");
      return Array.from({ length: records }, () => next?.());
    };
    const parts = [...ask(3), ...ask(97), ...ask(1)];
    expect(parts).toContain("ProvisionedThroughputExceededException");
    faults.set(plan);
    expect(ask(101)).toEqual(parts);
    ask(1000);
    expect(faults.report().rules[0]?.hits).toBe(50);
    expect(faults.forRecords("s")).toBeUndefined();
  });

  it("keep a plan as it was when it was set", () => {
    const faults = createFaults(OPERATIONS);
    const rules: FaultRule[] = [{ kind: "throttle", rate: 1 }];
    faults.set({ seed: 1, rules });
    rules.pop();
    expect(faults.report().rules).toHaveLength(1);
  });
});
