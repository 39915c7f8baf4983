import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "./json-text.ts";

const read = (text: string) => readJson(Buffer.from(text));

test("takes exactly the texts that JSON.parse takes, but for repeated attributes and numbers out of range", () => {
  const nearJson = fc.oneof(
    fc.json(),
    fc.string({ unit: fc.constantFrom(...'{}[]",:0123456789.eE+- \n\ttrufalsn\\/u'.split("")), maxLength: 30 }),
  );
  fc.assert(
    fc.property(nearJson, (text) => {
      const reading = read(text);
      if (reading.problem === "duplicate attribute") return;
      let parsed: unknown;
      try {
        parsed = JSON.parse(text);
      } catch {
        expect(reading.problem).toBe("not JSON");
        return;
      }
      if (reading.problem === "number out of range") return;
      expect(reading.problem).toBeUndefined();
      // As text, since a decimal has no negative zero.
      if (reading.problem === undefined) expect(JSON.stringify(JSON.parse(reading.text))).toBe(JSON.stringify(parsed));
    }),
    { numRuns: 2_000 },
  );
});

test("removes the blanks between tokens and keeps those in strings", () => {
  expect(read('{ "a b" : [ 1 ,\n "x \\" y" ] }')).toEqual({ text: '{"a b":[1,"x \\" y"]}' });
});

test("refuses a repeated attribute, also when it is spelled with an escape", () => {
  expect(read('{"a":1,"b":2,"a":3}')).toEqual({ problem: "duplicate attribute" });
  expect(read('{"a":1,"\\u0061":3}')).toEqual({ problem: "duplicate attribute" });
  expect(read('{"a":{"a":1},"b":{"a":1}}').problem).toBeUndefined();
});

test("refuses a repeated attribute among many", () => {
  const keys = Array.from({ length: 100 }, (_, index) => `"k${index}":0`);
  expect(read(`{${keys.join(",")}}`).problem).toBeUndefined();
  expect(read(`{${[...keys, '"k3":1'].join(",")}}`).problem).toBe("duplicate attribute");
});

test("refuses a number that no floating point number holds, and takes one that is as good as nothing", () => {
  for (const number of ["1e309", "-1e400", '{"a":[1e675]}', "9".repeat(310)])
    expect(read(number)).toEqual({ problem: "number out of range" });
  expect(read("1e308").problem).toBeUndefined();
  expect(read("1e-400")).toEqual({ text: " 0e+0" });
});

test("bounds strings at 65,535 bytes and nesting at 1,000", () => {
  expect(read(`"${"x".repeat(65_535)}"`).problem).toBeUndefined();
  expect(read(`"${"x".repeat(65_536)}"`).problem).toBe("string too long");
  expect(read("[".repeat(1_000) + "]".repeat(1_000)).problem).toBeUndefined();
  expect(read("[".repeat(1_001) + "]".repeat(1_001)).problem).toBe("nested too deeply");
});

test("refuses bytes that are not UTF-8", () => {
  expect(readJson(Uint8Array.of(0x22, 0xff, 0x22)).problem).toBe("not UTF-8");
});
