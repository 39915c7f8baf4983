import { describe, expect, it } from "vitest";
import { checkTypes } from "./check-types.ts";
import type { Members } from "./shape.ts";

const MEMBERS: Members = {
  Count: { type: "Integer" },
  Enabled: { type: "Boolean" },
  Tags: { type: "Map", keyLength: [1, 128], valueLength: [0, 256] },
  Names: { type: "List", member: { type: "String" } },
  Inner: { type: "Structure", members: { Count: { type: "Integer" } } },
};

function checked(input: Record<string, unknown>): Record<string, unknown> {
  checkTypes(input, MEMBERS);
  return input;
}

describe("checkTypes", () => {
  it.each([
    [2.9, 2],
    [-2.9, -2],
    [1e11, 2147483647],
    [-1e11, -2147483648],
    [Infinity, 2147483647],
    [NaN, 0],
    [5n, 5],
    [2n ** 70n, 2147483647],
  ])("makes an integer of 32 bits of %s", (value, integer) => {
    expect(checked({ Count: value, Inner: { Count: value } })).toEqual({ Count: integer, Inner: { Count: integer } });
  });

  it.each([
    ["true", true],
    ["Yes", true],
    ["1", true],
    ["FALSE", false],
    ["no", false],
    ["0", false],
    [true, true],
  ])("makes a boolean of %s", (value, boolean) => {
    expect(checked({ Enabled: value })).toEqual({ Enabled: boolean });
  });

  it("refuses other words and numbers in place of a boolean", () => {
    expect(() => checked({ Enabled: "maybe" })).toThrow("'MAYBE' can not be converted to an Boolean");
    expect(() => checked({ Enabled: 1 })).toThrow("TruncatingBigNumber can not be converted to an Boolean");
  });

  it("leaves what is null or unknown as it came", () => {
    const input = { Count: null, Tags: { a: null }, Names: [null], Other: {} };
    expect(checked({ ...input })).toEqual(input);
  });
});
