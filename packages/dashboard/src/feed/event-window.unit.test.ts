import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptySeries, mergeSeries, niceCeiling, recentRates, stackSeries } from "../page/series.js";
import { createEventWindow, type SecondCount } from "./event-window.ts";

const knownNames = ["JOIN", "LEAVE", "GET"];
const counts: fc.Arbitrary<SecondCount[]> = fc.array(
  fc.record({
    name: fc.constantFrom("JOIN", "LEAVE", "GET", "OTHER"),
    second: fc.integer({ min: 1000, max: 1030 }),
    events: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 20 },
);

describe("the window", () => {
  test("holds the same whether counts come at once or in parts", () => {
    fc.assert(
      fc.property(fc.array(counts), (parts) => {
        const [whole, pieces] = [createEventWindow({ lengthSeconds: 60 }), createEventWindow({ lengthSeconds: 60 })];
        whole.add(parts.flat());
        for (const part of parts) pieces.add(part);
        expect(pieces.slice()).toEqual(whole.slice());
        const events = parts.flat().reduce((sum, each) => sum + each.events, 0);
        expect(whole.sum(0, Infinity)).toBe(events);
      }),
    );
  });

  test("forgets what is older than its length, and takes it no more", () => {
    const window = createEventWindow({ lengthSeconds: 10 });
    window.add([
      { name: "JOIN", second: 100, events: 1 },
      { name: "JOIN", second: 105, events: 2 },
    ]);
    window.trim(112);
    window.add([{ name: "JOIN", second: 101, events: 1 }]);
    expect(window.slice().seconds).toEqual([[105, 2]]);
    expect(window.newest).toBe(105);
  });

  test("keeps names in the contract's order, others after them", () => {
    const window = createEventWindow({ lengthSeconds: 10, knownNames });
    for (const name of ["OTHER", "GET", "JOIN"]) window.add([{ name, second: 1, events: 1 }]);
    expect(window.slice().names).toEqual(["JOIN", "GET", "OTHER"]);
  });
});

describe("the page's copy of it", () => {
  test("is the same after changes as after a snapshot", () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1 }), (parts) => {
        const window = createEventWindow({ lengthSeconds: 60, knownNames });
        let series = emptySeries();
        for (const part of parts) {
          window.add(part);
          const change = window.slice(new Set(part.map(({ second }) => second)));
          series = mergeSeries(series, { reset: false, ...change, through: 1030 }, 60);
        }
        const snapshot = mergeSeries(emptySeries(), { reset: true, ...window.slice(), through: 1030 }, 60);
        expect(new Map([...series.seconds].toSorted())).toEqual(new Map([...snapshot.seconds].toSorted()));
        expect(series.names).toEqual(snapshot.names);
      }),
    );
  });

  test("forgets what has left the window", () => {
    const before = mergeSeries(emptySeries(), { reset: true, names: ["JOIN"], seconds: [[100, 1]], through: 100 }, 10);
    const after = mergeSeries(before, { reset: false, names: ["JOIN"], seconds: [[200, 1]], through: 200 }, 10);
    expect([...after.seconds.keys()]).toEqual([200]);
  });

  test("stacks names so that the first column is the sum of what is shown", () => {
    const series = mergeSeries(
      emptySeries(),
      { reset: true, names: ["JOIN", "GET"], seconds: [[100, 3, 4]], through: 100 },
      5,
    );
    const [times, join, get] = stackSeries(series, 5, new Set());
    expect([times?.at(-1), join?.at(-1), get?.at(-1)]).toEqual([100, 7, 4]);
    expect(stackSeries(series, 5, new Set(["JOIN"])).map((column) => column.at(-1))).toEqual([100, 4, 4]);
  });

  test("gives each name's rate over the last seconds", () => {
    const series = mergeSeries(
      emptySeries(),
      {
        reset: true,
        names: ["JOIN"],
        seconds: [
          [99, 10],
          [100, 20],
        ],
        through: 100,
      },
      60,
    );
    expect(recentRates(series, 10)).toEqual([3]);
  });

  test("ends its scale above the highest value", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (value) => {
        expect(niceCeiling(value)).toBeGreaterThan(value);
        expect(niceCeiling(value)).toBeLessThanOrEqual(Math.max(4, value * 2.2));
      }),
    );
  });
});
