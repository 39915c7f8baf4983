import { expect, it } from "vitest";
import { createRollingCount } from "./rolling-count.ts";

it("a rolling count has room for so many in any period, to the ms", () => {
  const count = createRollingCount({ limit: 2, periodMs: 1000 });
  expect(count.isEmpty(0)).toBe(true);
  count.note(0);
  count.note(400);
  expect(count.hasRoom(999)).toBe(false);
  expect(count.hasRoom(1000)).toBe(true);
  count.note(1000);
  expect(count.hasRoom(1399)).toBe(false);
  expect(count.hasRoom(1400)).toBe(true);
  expect(count.isEmpty(1999)).toBe(false);
  expect(count.isEmpty(2000)).toBe(true);
});
