import { describe, expect, it } from "vitest";
import { FaultPlanError, checkFaultPlan } from "./fault-plan.ts";

const OPERATIONS = new Set(["PutRecords", "PutRecord"]);
const check = (value: unknown) => () => checkFaultPlan(value, OPERATIONS);
const rule = (members: object) => ({ seed: 1, rules: [{ kind: "throttle", rate: 0.5, ...members }] });

describe("a plan of faults", () => {
  it.each([
    { seed: 1, rules: [] },
    rule({}),
    rule({ rate: 0 }),
    rule({ rate: 1, operations: ["PutRecord"], streams: ["s"], times: 1 }),
    rule({ kind: "record-failure", operations: ["PutRecords"], code: "InternalFailure" }),
    rule({ kind: "latency", latencyMs: [0, 0.5] }),
    rule({ kind: "no-answer", manner: "reset" }),
  ])("is taken: %j", (plan) => expect(check(plan)).not.toThrow());

  it.each([
    [null, "the plan must be an object, got null"],
    [{ rules: [] }, "seed must be an integer, got nothing"],
    [{ seed: 1.5, rules: [] }, "seed must be an integer, got 1.5"],
    [{ seed: 1 }, "rules must be a list of rules, got nothing"],
    [{ seed: 1, rules: [], Rules: [] }, 'the plan has no member "Rules"; its members are seed, rules'],
    [{ seed: 1, rules: [7] }, "rules.0 must be an object, got 7"],
    [rule({ kind: "thunder" }), "rules.0.kind must be throttle or record-failure or"],
    [rule({ kind: undefined }), "rules.0.kind must be"],
    [rule({ rate: "0.5" }), 'rules.0.rate must be a number from 0 to 1, got "0.5"'],
    [rule({ rate: 5 }), "rules.0.rate must be a number from 0 to 1, got 5"],
    [rule({ operations: [] }), "rules.0.operations must be a list of names of operations, or absent for all, got []"],
    [
      rule({ operations: ["PutRecrods"] }),
      'rules.0.operations must be names of operations such as PutRecords, got "PutRecrods"',
    ],
    [rule({ streams: "s" }), 'rules.0.streams must be a list of names of streams, or absent for all, got "s"'],
    [rule({ times: 0 }), "rules.0.times must be a whole number from 1, or absent for no end, got 0"],
    [rule({ times: 1.5 }), "rules.0.times must be a whole number"],
    [
      rule({ latencyMs: [1, 2] }),
      'rules.0 has no member "latencyMs"; its members are kind, rate, operations, streams, times',
    ],
    [rule({ kind: "latency" }), "rules.0.latencyMs must be [least, most] in ms, from 0 to 900000, got nothing"],
    [
      rule({ kind: "latency", latencyMs: [2, 1] }),
      "rules.0.latencyMs must be [least, most] in ms, from 0 to 900000, got [2,1]",
    ],
    [rule({ kind: "latency", latencyMs: [0, 1e9] }), "rules.0.latencyMs must be"],
    [rule({ kind: "no-answer", manner: "loud" }), 'rules.0.manner must be silence or reset, got "loud"'],
    [
      rule({ kind: "record-failure", code: "Oops" }),
      "rules.0.code must be ProvisionedThroughputExceededException or InternalFailure",
    ],
    [
      rule({ kind: "record-failure", operations: ["PutRecord"] }),
      'rules.0.operations must be PutRecords, got "PutRecord"',
    ],
    [rule({ streams: "x".repeat(1000) }), `got "${"x".repeat(59)}…`],
  ])("is refused with the member and the cure: %j", (plan, text) => {
    expect(check(plan)).toThrow(FaultPlanError);
    expect(check(plan)).toThrow(text);
  });
});
