import { describe, expect, it } from "vitest";
import { checkConstraints } from "./check-constraints.ts";
import type { Shape } from "./shape.ts";
import { streamName, tagKeys, tagMap } from "./shape.ts";

function errorsOf(value: unknown, shape: Shape): readonly string[] {
  try {
    checkConstraints({ Member: value }, { Member: shape });
    return [];
  } catch (error) {
    return (error as Error).message.replace(/^.* detected: /, "").split("; ");
  }
}

const failed = (value: string, rule: string, path = "member"): string =>
  `Value ${value} at '${path}' failed to satisfy constraint: ${rule}`;

describe("checkConstraints", () => {
  it("matches no more of a text than it may be long", () => {
    const name = `${"a".repeat(128)}!`;
    expect(errorsOf(name, streamName)).toEqual([
      failed(`'${name}'`, "Member must have length less than or equal to 128"),
    ]);
    expect(errorsOf("!", streamName)).toEqual([
      failed("'!'", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    ]);
  });

  it("takes a pattern for the whole text, whatever alternatives it has", () => {
    const shape = { type: "String", pattern: "0|([1-9]\\d{0,2})" } as const;
    for (const text of ["0", "1", "999"]) expect(errorsOf(text, shape)).toEqual([]);
    for (const text of ["00", "1000", "0 ", "a0"]) expect(errorsOf(text, shape)).toHaveLength(1);
  });

  it("refuses null within a list or a map", () => {
    const bounds = (min: number, max: number): string =>
      `satisfy constraint: [Member must have length less than or equal to ${max}, Member must have length greater than or ` +
      `equal to ${min}]`;
    expect(errorsOf(["a", null], tagKeys)).toEqual([failed("'[a, null]'", `Member must ${bounds(1, 128)}`)]);
    expect(errorsOf({ a: null }, tagMap)).toEqual([failed("'{a=null}'", `Map value must ${bounds(0, 256)}`)]);
    const structures = { type: "List", member: { type: "Structure", members: {} } } as const;
    expect(errorsOf([{}, null], structures)).toEqual([failed("null", "Member must not be null", "member.2.member")]);
  });

  it("names a value of a list that is none of those there are on the list", () => {
    const shape = { type: "List", member: { type: "String", values: ["A", "B"] } } as const;
    expect(errorsOf(["A", "C"], shape)).toEqual([
      failed("'[A, C]'", "Member must satisfy constraint: [Member must satisfy enum value set: [A, B]]"),
    ]);
  });
});
