import * as sdk from "@aws-sdk/client-kinesis";
import { describe, expect, it } from "vitest";
import { OPERATIONS } from "./service.ts";
import type { Members, Shape } from "./validation/shape.ts";

/** A schema of the SDK: a number or a tuple that begins with its kind, or a function that answers one. */
type Schema = number | readonly unknown[] | (() => Schema);

/** Kinds and bits of the SDK's schemas (`@smithy/types`, schema traits). */
const LIST = 1;
const STRUCTURE = 3;
const LIST_OF = 64;
const MAP_OF = 128;
const SCALARS: Readonly<Record<number, Shape["type"]>> = {
  0: "String",
  1: "Integer",
  2: "Boolean",
  4: "Timestamp",
  21: "Blob",
};

const COMMANDS = Object.keys(sdk)
  .filter((name) => /^[A-Z]\w+Command$/.test(name))
  .map((name) => name.slice(0, -"Command".length));

/** What is compared of a member. */
interface Outline {
  readonly type: Shape["type"];
  readonly required: boolean;
  readonly members?: Readonly<Record<string, Outline>>;
  readonly member?: unknown;
}

function outlineOf(schema: Schema, required: boolean): Outline {
  if (typeof schema === "function") return outlineOf(schema(), required);
  if (typeof schema !== "number") {
    if (schema[0] === STRUCTURE) return { type: "Structure", required, members: outlineOfMembers(schema) };
    expect(schema[0]).toBe(LIST);
    return { type: "List", required, member: outlineOf(schema[4] as Schema, false) };
  }
  if (schema >= MAP_OF) return { type: "Map", required };
  if (schema >= LIST_OF) return { type: "List", required, member: outlineOf(schema - LIST_OF, false) };
  return { type: SCALARS[schema] as Shape["type"], required };
}

/** A structure is `[kind, namespace, name, traits, names, schemas, how many of them are required]`. */
function outlineOfMembers(schema: readonly unknown[]): Readonly<Record<string, Outline>> {
  const [, , , , names, schemas, requiredCount = 0] = schema as [0, 0, 0, 0, string[], Schema[], number?];
  return Object.fromEntries(
    names.map((name, position) => [name, outlineOf(schemas[position] as Schema, position < requiredCount)]),
  );
}

function ours(shape: Shape): Outline {
  const required = shape.required === true;
  if (shape.type === "Structure") return { type: shape.type, required, members: oursOf(shape.members) };
  if (shape.type === "List") return { type: shape.type, required, member: ours(shape.member) };
  return { type: shape.type, required };
}

function oursOf(members: Members): Readonly<Record<string, Outline>> {
  return Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, ours(shape)]));
}

function inputOf(operation: string): Readonly<Record<string, Outline>> {
  const [, , , , input] = (sdk as Record<string, unknown>)[`${operation}$`] as [0, 0, 0, 0, () => readonly unknown[]];
  return outlineOfMembers(input());
}

describe("the service", () => {
  it("answers every operation of the AWS SDK, and no other", () => {
    expect([...OPERATIONS.keys()].sort()).toEqual(COMMANDS.sort());
  });

  it.each(COMMANDS)("knows the members of %s with their types, and which are required", (name) => {
    expect(oursOf(OPERATIONS.get(name)?.input ?? {})).toEqual(inputOf(name));
  });
});
