import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkEvent, families, type EventProblem } from "./index.ts";

const join = { event_id: "e-1", event_time: "2026-11-21T10:00:00Z", event_name: "JOIN", user: 7 };
const request = {
  event_id: "e-2",
  event_time: "2015-05-17T10:05:03+02:00",
  event_name: "GET",
  user: "203.0.113.9",
  path: "/",
  status: 200,
  bytes: null,
  referrer: null,
  user_agent: "",
};

/** A valid event of any family, drawn by fast-check through the sample generator. */
const samples = fc
  .record({
    family: fc.constantFrom(...families),
    seed: fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true })),
  })
  .map(({ family, seed }) => ({
    family,
    event: family.sample(() => seed.next().value, 1_700_000_000_000) as unknown as Record<string, unknown>,
  }));

/** A valid event and one of its columns. */
const fields = samples.chain(({ family, event }) =>
  fc.record({ event: fc.constant(event), column: fc.constantFrom(...family.columns) }),
);

describe("checkEvent", () => {
  it("accepts every sample event and names its family", () => {
    fc.assert(
      fc.property(samples, ({ family, event }) => {
        const check = checkEvent(event);
        expect(check.valid && check.family.name).toBe(family.name);
        expect(check.valid && check.event).toBe(event);
      }),
    );
  });

  it("accepts a sample event after a round trip through JSON", () => {
    fc.assert(fc.property(samples, ({ event }) => checkEvent(JSON.parse(JSON.stringify(event))).valid));
  });

  it.each([
    [null],
    [undefined],
    [7],
    ["{}"],
    [[join]],
    [new Date(0)],
    [new Map()],
    [Object.create(join)],
    [new (class Join {})()],
  ])("calls %s not an object", (value) => {
    expect(rules(value)).toEqual(["not-an-object"]);
  });

  it("reports a field that is absent or undefined as missing", () => {
    fc.assert(
      fc.property(fields, fc.boolean(), ({ event, column }, keepsKey) => {
        const changed = { ...event };
        if (keepsKey) changed[column.attribute] = undefined;
        else delete changed[column.attribute];
        const problems = problemsOf(changed);
        expect(problems).toContainEqual(
          expect.objectContaining({ rule: "missing-field", path: `/${column.attribute}` }),
        );
      }),
    );
  });

  it("reports a field of another type", () => {
    const others = fc.constantFrom<unknown>(
      true,
      [],
      {},
      1.5,
      Number.NaN,
      Infinity,
      7n,
      new Date(0),
      Symbol("s"),
      () => 1,
    );
    fc.assert(
      fc.property(fields, others, ({ event, column }, other) => {
        expect(problemsOf({ ...event, [column.attribute]: other })).toContainEqual(
          expect.objectContaining({ rule: "wrong-type", path: `/${column.attribute}` }),
        );
      }),
    );
  });

  it("reports null where the column is not nullable, and only there", () => {
    fc.assert(
      fc.property(fields, ({ event, column }) => {
        expect(checkEvent({ ...event, [column.attribute]: null }).valid).toBe(column.nullable);
      }),
    );
  });

  it("reports integers outside the bounds", () => {
    fc.assert(
      fc.property(fields, fc.boolean(), ({ event, column }, above) => {
        const { constraint, attribute } = column;
        fc.pre(constraint.kind === "integer" && constraint.maximum < Number.MAX_SAFE_INTEGER);
        if (constraint.kind !== "integer") return;
        expect(rules({ ...event, [attribute]: constraint.minimum })).toEqual([]);
        expect(rules({ ...event, [attribute]: constraint.maximum })).toEqual([]);
        const outside = above ? constraint.maximum + 1 : constraint.minimum - 1;
        expect(rules({ ...event, [attribute]: outside })).toEqual(["out-of-range"]);
      }),
    );
  });

  it("counts the bytes of a string, not its characters", () => {
    fc.assert(
      fc.property(fields, fc.constantFrom("a", "é", "€", "😀"), ({ event, column }, letter) => {
        const { constraint, attribute } = column;
        fc.pre(constraint.kind === "text");
        if (constraint.kind !== "text") return;
        const fitting = letter.repeat(Math.floor(constraint.maxBytes / Buffer.byteLength(letter)));
        expect(rules({ ...event, [attribute]: fitting })).toEqual([]);
        expect(rules({ ...event, [attribute]: fitting + letter })).toEqual(["out-of-range"]);
      }),
    );
  });

  it.each(["a\0b", "a\ud800b", "\udc00"])("refuses a string that cannot be stored: %j", (path) => {
    expect(rules({ ...request, path })).toEqual(["out-of-range"]);
  });

  it("refuses an empty string where the field must say something", () => {
    expect(rules({ ...join, event_id: "" })).toEqual(["out-of-range"]);
    expect(rules({ ...request, user_agent: "" })).toEqual([]);
  });

  it("reports a field that the family does not have", () => {
    fc.assert(
      fc.property(samples, fc.string(), ({ event }, key) => {
        fc.pre(!(key in event) && key !== "__proto__");
        expect(rules({ ...event, [key]: 1 })).toEqual(["unknown-field"]);
      }),
    );
  });

  it("takes a key named __proto__ for an unknown field", () => {
    expect(rules(JSON.parse(JSON.stringify(join).replace("{", '{"__proto__":1,')))).toEqual(["unknown-field"]);
  });

  it("takes a field that JSON.stringify would leave out for missing", () => {
    const event = Object.defineProperty({ ...join }, "user", { value: 7, enumerable: false });
    expect(rules(event)).toEqual(["missing-field"]);
  });

  it("reports an unknown event name, cut to forty characters", () => {
    const [problem] = problemsOf({ ...join, event_name: "N".repeat(500) });
    expect(problem).toMatchObject({ rule: "unknown-event-name", path: "/event_name" });
    expect(problem?.message).toContain(`"${"N".repeat(40)}…"`);
    expect(problem?.message).not.toContain("N".repeat(41));
  });

  it("checks the envelope of an event whose name is unknown", () => {
    expect(rules({ event_name: "DANCE", event_time: "yesterday" })).toEqual([
      "unknown-event-name",
      "missing-field",
      "bad-time",
      "missing-field",
    ]);
  });

  it("reports everything that is wrong at once", () => {
    const found = problemsOf({
      event_id: 7,
      event_time: "2026-02-30T00:00:00Z",
      event_name: "JOIN",
      user: 101,
      zip: "8000",
    });
    expect(found.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      "wrong-type /event_id",
      "bad-time /event_time",
      "out-of-range /user",
      "unknown-field /zip",
    ]);
    expect(found[2]?.message).toBe("expected an integer from 0 to 100, got a larger one");
  });

  it("bounds the report of an event with very many unknown fields", () => {
    const extra = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`extra_${index}`, index]));
    const found = problemsOf({ ...join, ...extra });
    expect(found).toHaveLength(51);
    expect(found.at(-1)?.message).toContain("950 more");
  });

  it("gives a reason for whatever it refuses and repeats no value of it", () => {
    const secret = "s3cr3t";
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
    });
    fc.assert(
      fc.property(fields, anything, ({ event, column }, other) => {
        const found = [...problemsOf({ ...event, [column.attribute]: other }), ...problemsOf(other)];
        expect(checkEvent(other).valid).toBe(false);
        expect(problemsOf(other).length).toBeGreaterThan(0);
        for (const { path } of found) expect(path === "" || path.startsWith("/")).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fields, ({ event, column }) => {
        fc.pre(column.attribute !== "event_name");
        const found = problemsOf({ ...event, [column.attribute]: { [secret]: secret } });
        expect(JSON.stringify(found)).not.toContain(secret);
      }),
    );
  });
});

function problemsOf(value: unknown): readonly EventProblem[] {
  const check = checkEvent(value);
  return check.valid ? [] : check.problems;
}

function rules(value: unknown): readonly string[] {
  return problemsOf(value).map(({ rule }) => rule);
}
