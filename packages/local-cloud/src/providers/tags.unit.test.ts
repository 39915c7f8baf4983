import { expect, test } from "vitest";
import { withDefaultTags } from "./tags.ts";

const defaults = { Project: "millrace", Stage: "local" };

test("the classic form keeps its own tags and shows all of them beside", () => {
  expect(withDefaultTags({ tags: { Stage: "own" } }, "map", defaults)).toEqual({
    tags: { Stage: "own" },
    tagsAll: { Project: "millrace", Stage: "own" },
  });
});

test("the list form holds the defaults too, a resource's own winning", () => {
  expect(withDefaultTags({ tags: [{ key: "Stage", value: "own" }] }, "list", defaults)).toEqual({
    tags: [
      { key: "Project", value: "millrace" },
      { key: "Stage", value: "own" },
    ],
  });
});

test("types without tags, and providers without defaults, change nothing", () => {
  expect(withDefaultTags({ a: 1 }, undefined, defaults)).toEqual({ a: 1 });
  expect(withDefaultTags({ a: 1 }, "list", {})).toEqual({ a: 1 });
});
