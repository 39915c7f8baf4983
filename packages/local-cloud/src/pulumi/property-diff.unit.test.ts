import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffProperties, keepPaths, parsePath, pathsTouch } from "./property-diff.ts";

describe("the difference of two values", () => {
  test("names each leaf that differs, in Pulumi's form of a path", () => {
    const from = { size: 1, tags: { "a.b": "x", gone: "y" }, list: [1, { deep: true }], same: null };
    const to = { size: 2, tags: { "a.b": "z" }, list: [1, { deep: false }], more: 1 };
    expect(diffProperties(from, to)).toEqual([
      { path: "size", kind: "update" },
      { path: 'tags["a.b"]', kind: "update" },
      { path: "tags.gone", kind: "delete" },
      { path: "list[1].deep", kind: "update" },
      { path: "more", kind: "add" },
    ]);
  });

  test("is empty for equal values", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => diffProperties(value, structuredClone(value)).length === 0));
  });

  test("names each key that differs, whatever it is called, in a path that reads back", () => {
    const values = fc.dictionary(fc.string(), fc.integer({ min: 0, max: 2 }), { noNullPrototype: true });
    fc.assert(
      fc.property(values, values, (from, to) => {
        const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
        const differing = keys.filter(
          (key) => Object.hasOwn(from, key) !== Object.hasOwn(to, key) || from[key] !== to[key],
        );
        const found = diffProperties(from, to).map(({ path }) => parsePath(path));
        expect(found).toEqual(differing.map((key) => [key]));
      }),
    );
  });
});

test.each([
  ["a.b[0]", ["a", "b", "0"]],
  ['a["b.c"].d', ["a", "b.c", "d"]],
  ["list[*].name", ["list", "*", "name"]],
])("the path %s has the keys %j", (path, keys) => {
  expect(parsePath(path)).toEqual(keys);
});

test.each([
  ["tags.stage", "tags", true],
  ["tags", "tags.stage", true],
  ["list[3].name", "list[*].name", true],
  ["tags.owner", "tags.stage", false],
])("the change %s touches the pattern %s: %s", (path, pattern, touches) => {
  expect(pathsTouch(path, pattern)).toBe(touches);
});

describe("keeping paths", () => {
  test("takes the old value, and its absence, at each path", () => {
    const from = { a: 1, list: [{ x: 1, y: 1 }] };
    const to = { a: 2, b: 2, list: [{ x: 2, y: 2 }] };
    expect(keepPaths(from, to, ["a", "b", "list[*].x"])).toEqual({ a: 1, list: [{ x: 1, y: 2 }] });
  });

  test("leaves the new value alone where no path leads", () => {
    expect(keepPaths({}, { a: 1 }, ["b.c", "a.deeper"])).toEqual({ a: 1 });
  });
});
