import { hash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { checkFaultPlan } from "./fault-plan.ts";
import type { FaultPlan, FaultRule, RecordFaultCode } from "./fault-plan.ts";

/** Faults on request. None until a plan is set. */
export interface Faults {
  /** Has this plan hold in place of the one before, from its beginning. Throws `FaultPlanError` for what is no plan. */
  set(plan: FaultPlan): void;
  /** Ends all faults, and forgets the plan. */
  clear(): void;
  /** How often each rule of the plan was asked and hit since it was set. */
  report(): FaultReport;
}

/** What a plan has done so far. */
export interface FaultReport {
  /** Absent without a plan. */
  readonly seed?: number;
  readonly rules: readonly (FaultRule & {
    /** Calls, or records, that were in its scope. */
    readonly asked: number;
    /** Those of them that it befell; where several rules would hit one call, the first of the plan does. */
    readonly hits: number;
  })[];
}

/** What befalls one call. */
export interface CallFaults {
  /** How long it waits before all else; 0 for not at all. */
  readonly delayMs: number;
  /** What it then meets, if anything. */
  readonly rule: Exclude<FaultRule, { readonly kind: "record-failure" | "latency" }> | undefined;
}

/** {@link Faults} as the service asks them. */
export interface FaultSource extends Faults {
  /** What befalls a call, `undefined` for nothing. `streamName` is only asked if the plan cares. */
  forCall(operation: string, streamName: () => string | undefined): CallFaults | undefined;
  /** Says for one record after the other of a `PutRecords` call what it fails with; `undefined` if none can. */
  forRecords(streamName: string): (() => RecordFaultCode | undefined) | undefined;
}

/** A rule that is asked, with its own random numbers. */
interface ArmedRule<Rule extends FaultRule = FaultRule> {
  readonly rule: Rule;
  /** From 0 to below 1. */
  readonly draw: () => number;
  asked: number;
  hits: number;
}

/** No faults yet. `operations` are the names a plan may use. */
export function createFaults(operations: { has(operation: string): boolean }): FaultSource {
  let seed: number | undefined;
  let armed: readonly ArmedRule[] = [];

  return {
    set(plan) {
      checkFaultPlan(plan, operations);
      seed = plan.seed;
      armed = arm(structuredClone(plan));
    },
    clear() {
      seed = undefined;
      armed = [];
    },
    report: () => ({
      ...(seed === undefined ? {} : { seed }),
      rules: armed.map(({ rule, asked, hits }) => ({ ...rule, asked, hits })),
    }),
    forCall(operation, streamName) {
      if (armed.length === 0) return undefined;
      let delayMs = 0;
      let met: CallFaults["rule"];
      for (const candidate of armed) {
        const { rule } = candidate;
        if (rule.kind === "record-failure" || !isOpen(candidate, operation, streamName) || !isDrawn(candidate))
          continue;
        if (rule.kind === "latency") {
          const [min, max] = rule.latencyMs;
          delayMs += min + candidate.draw() * (max - min);
        } else if (met) {
          continue;
        } else {
          met = rule;
        }
        candidate.hits += 1;
      }
      return delayMs > 0 || met ? { delayMs, rule: met } : undefined;
    },
    forRecords(streamName) {
      const candidates = armed.filter(
        (candidate): candidate is ArmedRule<Extract<FaultRule, { readonly kind: "record-failure" }>> =>
          candidate.rule.kind === "record-failure" && isOpen(candidate, "PutRecords", () => streamName),
      );
      if (candidates.length === 0) return undefined;
      return () => {
        let met: RecordFaultCode | undefined;
        for (const candidate of candidates) {
          if (isSpent(candidate) || !isDrawn(candidate) || met) continue;
          met = candidate.rule.code ?? "ProvisionedThroughputExceededException";
          candidate.hits += 1;
        }
        return met;
      };
    },
  };
}

/** The numbers of a rule depend on the seed, on its kind and scope, and on how many such rules stand before it. */
function arm({ seed, rules }: FaultPlan): ArmedRule[] {
  const seen = new Map<string, number>();
  return rules.map((rule) => {
    const key = JSON.stringify([rule.kind, rule.operations, rule.streams]);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    const random = xoroshiro128plus(hash("sha256", `${seed} ${before} ${key}`, "buffer").readInt32BE());
    return { rule, draw: () => uniformFloat64(random), asked: 0, hits: 0 };
  });
}

function isOpen(candidate: ArmedRule, operation: string, streamName: () => string | undefined): boolean {
  const { operations, streams } = candidate.rule;
  if (isSpent(candidate) || operations?.includes(operation) === false) return false;
  return streams === undefined || streams.includes(streamName() ?? "");
}

function isSpent({ rule, hits }: ArmedRule): boolean {
  return rule.times !== undefined && hits >= rule.times;
}

/** Asks for one more number in any case, so that what other rules do does not shift those to come. */
function isDrawn(candidate: ArmedRule): boolean {
  candidate.asked += 1;
  return candidate.draw() < candidate.rule.rate;
}
