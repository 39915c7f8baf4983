import fc from "fast-check";
import { expect, test } from "vitest";
import { comparePositions, countUpTo, furthest, toPosition } from "./position.ts";

const position = fc.bigInt({ min: 0n, max: 10n ** 60n });

test("orders positions as numbers of any length", () => {
  fc.assert(
    fc.property(position, position, (a, b) => {
      expect(Math.sign(comparePositions(String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test("reads a padded position back", () => {
  fc.assert(
    fc.property(position, (a) => {
      expect(toPosition(String(a).padStart(128, "0"))).toBe(String(a));
    }),
  );
});

test("counts the positions up to a place", () => {
  fc.assert(
    fc.property(fc.array(position), position, (positions, place) => {
      const sorted = positions.toSorted((a, b) => (a < b ? -1 : 1));
      expect(countUpTo(sorted.map(String), String(place))).toBe(sorted.filter((each) => each <= place).length);
    }),
  );
});

test("takes nothing as before everything", () => {
  expect(furthest(undefined, "0")).toBe("0");
  expect(furthest("7", undefined)).toBe("7");
  expect(furthest("9", "10")).toBe("10");
});
