import { validationFailed } from "../errors.ts";
import { blobLength } from "../records/blob.ts";
import { nameInErrors } from "./aws-order.ts";
import type { Members, Shape, StringShape } from "./shape.ts";

/** AWS lists no more errors than these. Source: kinesalite's tests. */
const MAX_ERRORS = 10;
const EXPRESSIONS = new Map<string, RegExp>();

/**
 * Checks every constraint and throws one `ValidationException` that lists what fails, in AWS's words and in the order of
 * the members.
 */
export function checkConstraints(input: Record<string, unknown>, members: Members): void {
  const errors: string[] = [];
  checkMembers(input, members, "", errors);
  if (errors.length === 0) return;
  const shown = errors.slice(0, MAX_ERRORS);
  throw validationFailed(
    `${shown.length} validation error${shown.length === 1 ? "" : "s"} detected: ${shown.join("; ")}`,
  );
}

function checkMembers(input: Record<string, unknown>, members: Members, path: string, errors: string[]): void {
  for (const [name, shape] of Object.entries(members)) {
    check(input[name], shape, path + nameInErrors(name), errors);
  }
}

function check(value: unknown, shape: Shape, path: string, errors: string[]): void {
  const fail = (constraint: string): void => {
    const shown = value === undefined || value === null ? "null" : `'${render(value, shape)}'`;
    errors.push(`Value ${shown} at '${path}' failed to satisfy constraint: Member must ${constraint}`);
  };
  if (value === undefined || value === null) {
    if (shape.required) fail("not be null");
    return;
  }
  switch (shape.type) {
    case "String": {
      const text = value as string;
      if (!matches(text, shape)) fail(`satisfy regular expression pattern: ${shape.pattern}`);
      checkBounds(text.length, shape.minLength, shape.maxLength, "length", fail);
      if (shape.values && !shape.values.includes(text)) fail(`satisfy enum value set: [${shape.values.join(", ")}]`);
      return;
    }
    case "Integer":
      return checkBounds(value as number, shape.min, shape.max, "value", fail);
    case "Blob":
      return checkBounds(blobLength(value as string | Uint8Array), undefined, shape.maxLength, "length", fail);
    case "List": {
      const list = value as unknown[];
      checkBounds(list.length, shape.minLength, shape.maxLength, "length", fail);
      const { member: memberShape } = shape;
      if (memberShape.type === "String") {
        if (list.some((member) => breaks(member as string | null, memberShape))) {
          fail(`satisfy constraint: ${allConstraints(memberShape)}`);
        }
        return;
      }
      const ofMembers = { ...memberShape, required: true as const };
      list.forEach((member, position) => check(member, ofMembers, `${path}.${position + 1}.member`, errors));
      return;
    }
    case "Map": {
      const entries = Object.entries(value as Record<string, string | null>);
      checkBounds(entries.length, shape.minLength, shape.maxLength, "length", fail);
      // Unlike the others these sentences do not begin with "Member".
      const failWhole = (text: string): void =>
        void errors.push(`Value '${render(value, shape)}' at '${path}' failed to satisfy constraint: ${text}`);
      if (entries.some(([key]) => isOutside(key, shape.keyLength))) {
        failWhole(`Map keys must satisfy constraint: ${lengthConstraint(shape.keyLength)}`);
      }
      if (entries.some(([, member]) => isOutside(member, shape.valueLength))) {
        failWhole(`Map value must satisfy constraint: ${lengthConstraint(shape.valueLength)}`);
      }
      return;
    }
    case "Structure":
      return checkMembers(value as Record<string, unknown>, shape.members, `${path}.`, errors);
  }
}

function checkBounds(
  amount: number,
  min: number | undefined,
  max: number | undefined,
  what: "length" | "value",
  fail: (constraint: string) => void,
): void {
  if (min !== undefined && amount < min) fail(`have ${what} greater than or equal to ${min}`);
  if (max !== undefined && amount > max) fail(`have ${what} less than or equal to ${max}`);
}

/** A text that is too long is matched as far as it may be long, so that nobody can keep a pattern busy. */
function matches(text: string, { pattern, maxLength }: StringShape): boolean {
  if (pattern === undefined) return true;
  let expression = EXPRESSIONS.get(pattern);
  if (!expression) EXPRESSIONS.set(pattern, (expression = new RegExp(`^(?:${pattern})$`)));
  return expression.test(maxLength === undefined ? text : text.slice(0, maxLength));
}

function breaks(text: string | null, shape: StringShape): boolean {
  return (
    isOutside(text, [shape.minLength ?? 0, shape.maxLength ?? Infinity]) ||
    !matches(text as string, shape) ||
    (shape.values !== undefined && !shape.values.includes(text as string))
  );
}

function isOutside(text: string | null, [min, max]: readonly [number, number]): boolean {
  return text === null || text === undefined || text.length < min || text.length > max;
}

function lengthConstraint([min, max]: readonly [number, number]): string {
  return `[Member must have length less than or equal to ${max}, Member must have length greater than or equal to ${min}]`;
}

/** What each text of a list must satisfy. Recorded on AWS for lengths; for values it is AWS's form in other services. */
function allConstraints({ minLength, maxLength, values }: StringShape): string {
  if (values) return `[Member must satisfy enum value set: [${values.join(", ")}]]`;
  return lengthConstraint([minLength ?? 0, maxLength ?? Infinity]);
}

function render(value: unknown, shape: Shape): string {
  switch (shape.type) {
    case "Blob": {
      const length = blobLength(value as string | Uint8Array);
      return `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`;
    }
    case "List":
      return `[${(value as unknown[]).map((member) => shape.memberText ?? String(member)).join(", ")}]`;
    case "Map":
      return `{${Object.entries(value as object)
        .map(([key, member]) => `${key}=${String(member)}`)
        .join(", ")}}`;
    default:
      return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}
