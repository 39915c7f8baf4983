/** What is to go wrong, how often and for whom. The same plan and the same calls in the same order have the same faults. */
export interface FaultPlan {
  /** Where the random numbers begin; a safe integer. */
  readonly seed: number;
  /** Each has random numbers of its own, which rules of another kind or scope leave as they are. */
  readonly rules: readonly FaultRule[];
}

/** Whom a rule befalls. */
export interface FaultScope {
  /** The share of calls that it hits, of records for `record-failure`; from 0 to 1. */
  readonly rate: number;
  /** By name, for example `PutRecords`. Default all; `record-failure` befalls records of `PutRecords` only. */
  readonly operations?: readonly string[];
  /** By name, also where a call has an ARN or an iterator. Default all calls, also those that name no stream. */
  readonly streams?: readonly string[];
  /** How often it hits at most; default without end. */
  readonly times?: number;
}

/** One thing that goes wrong. */
export type FaultRule =
  | (FaultScope & {
      /**
       * `throttle`: what AWS answers to one call too many (`ProvisionedThroughputExceededException` to an operation on
       * records, `LimitExceededException` to others). `internal-failure`: status 500, `InternalFailure`.
       * `service-unavailable`: status 503, `ServiceUnavailable`. `reset`: the connection is reset. Nothing is done.
       */
      readonly kind: "throttle" | "internal-failure" | "service-unavailable" | "reset";
    })
  | (FaultScope & {
      /** Single records fail, within an answer of status 200. They are not stored. */
      readonly kind: "record-failure";
      /** Default `ProvisionedThroughputExceededException`. */
      readonly code?: RecordFaultCode;
    })
  | (FaultScope & {
      /** The call waits before anything is done; several such rules add up. */
      readonly kind: "latency";
      /** Least and most, in ms, up to 900,000. */
      readonly latencyMs: readonly [min: number, max: number];
    })
  | (FaultScope & {
      /** All is done, and the client does not hear of it. */
      readonly kind: "no-answer";
      /** Whether the connection stays open without a byte or is reset. Default `silence`. */
      readonly manner?: "silence" | "reset";
    });

/** What a record can fail with. */
export type RecordFaultCode = "ProvisionedThroughputExceededException" | "InternalFailure";

/** Thrown for what is no plan; the text names the member and the cure. */
export class FaultPlanError extends Error {
  override readonly name = "FaultPlanError";
}

const KINDS: readonly FaultRule["kind"][] = [
  "throttle",
  "record-failure",
  "internal-failure",
  "service-unavailable",
  "latency",
  "no-answer",
  "reset",
];
const SCOPE = ["kind", "rate", "operations", "streams", "times"];
const OWN: Partial<Record<FaultRule["kind"], string>> = {
  "record-failure": "code",
  latency: "latencyMs",
  "no-answer": "manner",
};
const CODES = ["ProvisionedThroughputExceededException", "InternalFailure"];
const MANNERS = ["silence", "reset"];
const MAX_LATENCY_MS = 900_000;

/** Checks what may be a plan, for example one that came as JSON. Throws {@link FaultPlanError}. */
export function checkFaultPlan(
  value: unknown,
  operations: { has(operation: string): boolean },
): asserts value is FaultPlan {
  const plan = expectMembers(value, "the plan", ["seed", "rules"]);
  expect(Number.isSafeInteger(plan["seed"]), "seed", "an integer", plan["seed"]);
  const rules = plan["rules"];
  if (!Array.isArray(rules)) throw unlike("rules", "a list of rules", rules);
  rules.forEach((rule, position) => checkRule(rule, `rules.${position}`, operations));
}

function checkRule(value: unknown, path: string, known: { has(operation: string): boolean }): void {
  const kind = typeof value === "object" && value !== null ? (value as { kind?: unknown }).kind : undefined;
  const own = OWN[kind as FaultRule["kind"]];
  const rule = expectMembers(value, path, own === undefined ? SCOPE : [...SCOPE, own]);
  expectOneOf(kind, KINDS, `${path}.kind`);
  const { rate, operations, streams, times, code, latencyMs, manner } = rule;
  expect(isWithin(rate, 0, 1), `${path}.rate`, "a number from 0 to 1", rate);
  if (operations !== undefined) {
    expect(isTexts(operations), `${path}.operations`, "a list of names of operations, or absent for all", operations);
    for (const operation of operations as string[]) {
      if (kind === "record-failure") expectOneOf(operation, ["PutRecords"], `${path}.operations`);
      expect(known.has(operation), `${path}.operations`, "names of operations such as PutRecords", operation);
    }
  }
  if (streams !== undefined) {
    expect(isTexts(streams), `${path}.streams`, "a list of names of streams, or absent for all", streams);
  }
  if (times !== undefined) {
    expect(
      isWithin(times, 1, Number.MAX_SAFE_INTEGER, true),
      `${path}.times`,
      "a whole number from 1, or absent for no end",
      times,
    );
  }
  if (code !== undefined) expectOneOf(code, CODES, `${path}.code`);
  if (manner !== undefined) expectOneOf(manner, MANNERS, `${path}.manner`);
  if (kind === "latency") {
    const [min, max] = Array.isArray(latencyMs) && latencyMs.length === 2 ? (latencyMs as unknown[]) : [];
    const isRange = isWithin(min, 0, MAX_LATENCY_MS) && isWithin(max, min, MAX_LATENCY_MS);
    expect(isRange, `${path}.latencyMs`, `[least, most] in ms, from 0 to ${MAX_LATENCY_MS}`, latencyMs);
  }
}

function isWithin(value: unknown, min: number, max: number, isWhole = false): value is number {
  return typeof value === "number" && value >= min && value <= max && (!isWhole || Number.isInteger(value));
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((member) => typeof member === "string");
}

function expectMembers(value: unknown, path: string, members: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unlike(path, "an object", value);
  const unknown = Object.keys(value).find((member) => !members.includes(member));
  if (unknown !== undefined) {
    throw new FaultPlanError(`${path} has no member ${quote(unknown)}; its members are ${members.join(", ")}`);
  }
  return value as Record<string, unknown>;
}

function expectOneOf(value: unknown, choices: readonly string[], path: string): void {
  expect(typeof value === "string" && choices.includes(value), path, choices.join(" or "), value);
}

function expect(holds: boolean, path: string, expected: string, value: unknown): void {
  if (!holds) throw unlike(path, expected, value);
}

function unlike(path: string, expected: string, value: unknown): FaultPlanError {
  return new FaultPlanError(`${path} must be ${expected}, got ${quote(value)}`);
}

const MAX_QUOTED = 60;

function quote(value: unknown): string {
  const text = value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}
