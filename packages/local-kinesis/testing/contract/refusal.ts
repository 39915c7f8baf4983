import { expect } from "vitest";
import type { Target } from "./target.ts";

/** Calls an operation with any JSON and expects the error of this type and text, status 400. */
export async function expectRefusal(
  target: Target,
  operation: string,
  input: object,
  type: string,
  text: string | RegExp,
): Promise<void> {
  const { status, body } = await target.call(operation, input);
  expect({ status, type: body.__type, text: body.message ?? body.Message }, `${operation} ${show(input)}`).toEqual({
    status: 400,
    type,
    text: typeof text === "string" ? text : expect.stringMatching(text),
  });
}

/** Expects a `ValidationException` that lists these constraints in any order, which the recordings do not tell either. */
export async function expectBroken(
  target: Target,
  operation: string,
  input: object,
  constraints: readonly string[],
): Promise<void> {
  const { status, body } = await target.call(operation, input);
  const [head = "", rest = ""] = String(body.message).split(" detected: ");
  expect(
    { status, type: body.__type, head, constraints: rest.split("; ").sort() },
    `${operation} ${show(input)}`,
  ).toEqual({
    status: 400,
    type: "ValidationException",
    head: constraints.length === 1 ? "1 validation error" : `${constraints.length} validation errors`,
    constraints: [...constraints].sort(),
  });
}

/** The sentence for a member that breaks a constraint; `value` as AWS prints it, quotes included. */
export function constraint(path: string, value: string, rule: string): string {
  return `Value ${value} at '${path}' failed to satisfy constraint: Member must ${rule}`;
}

function show(input: object): string {
  const text = JSON.stringify(input);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
