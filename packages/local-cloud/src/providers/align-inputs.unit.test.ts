import { expect, test } from "vitest";
import { alignInputs } from "./align-inputs.ts";

test("shows what the service has in place of what was asked for, and nothing that was not asked for", () => {
  expect(alignInputs({ hours: 24, password: "x" }, { hours: 48, mode: "ON_DEMAND" })).toEqual({
    hours: 48,
    password: "x",
  });
});

test("keeps the order of a list that holds the same things", () => {
  const tags = [
    { key: "b", value: "1" },
    { key: "a", value: "2" },
  ];
  expect(
    alignInputs(
      { tags },
      {
        tags: [
          { value: "2", key: "a" },
          { key: "b", value: "1" },
        ],
      },
    ),
  ).toEqual({ tags });
  expect(alignInputs({ ids: ["b", "a"] }, { ids: ["a", "c"] })).toEqual({ ids: ["a", "c"] });
});

test("looks only at the configuration parameters that were asked for", () => {
  const wanted = [{ parameterKey: "a", parameterValue: "1" }];
  const actual = [{ parameterKey: "z", parameterValue: "9" }, ...wanted];
  expect(alignInputs({ configParameters: wanted }, { configParameters: actual })).toEqual({ configParameters: wanted });
});
