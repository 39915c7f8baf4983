import { expect, test } from "vitest";
import { withPhysicalName } from "./physical-name.ts";

const context = {
  urn: "urn:pulumi:local::millrace::aws:sqs/queue:Queue::letters",
  oldInputs: {},
  seed: Buffer.from("seed"),
};

test("a resource without a name gets one from its logical name and the seed", () => {
  const { name } = withPhysicalName({}, { nameKey: "name" }, context);
  expect(name).toMatch(/^letters-[0-9a-f]{7}$/);
  expect(withPhysicalName({}, { nameKey: "name" }, context).name).toBe(name);
  expect(withPhysicalName({}, { nameKey: "name" }, { ...context, seed: Buffer.from("other") }).name).not.toBe(name);
});

test("it keeps the name that it has", () => {
  const oldInputs = { name: "letters-1234567" };
  expect(withPhysicalName({}, { nameKey: "name" }, { ...context, oldInputs })).toEqual(oldInputs);
});

test("a given name stays, a prefix is used, and types that the service names get none", () => {
  expect(withPhysicalName({ name: "own" }, { nameKey: "name" }, context)).toEqual({ name: "own" });
  expect(withPhysicalName({ namePrefix: "p-" }, { nameKey: "name" }, context).name).toMatch(/^p-[0-9a-f]{7}$/);
  expect(withPhysicalName({}, { nameKey: "name", namePrefix: "alias/" }, context).name).toMatch(/^alias\/letters-/);
  expect(withPhysicalName({}, {}, context)).toEqual({});
});
