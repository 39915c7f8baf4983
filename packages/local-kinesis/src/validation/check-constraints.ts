import { validationFailed } from "../errors.ts";
import { blobLength } from "../log/block.ts";
import type { Members, Shape } from "./shape.ts";

/** AWS lists no more errors than these. Source: kinesalite's tests. */
const MAX_ERRORS = 10;

/** Checks every constraint and throws one `ValidationException` that lists what fails, in AWS's words. */
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
    check(input[name], shape, `${path}${name.charAt(0).toLowerCase()}${name.slice(1)}`, errors);
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
      if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`).test(text)) {
        fail(`satisfy regular expression pattern: ${shape.pattern}`);
      }
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
      if (shape.memberLength && list.some((member) => isOutside(member as string, shape.memberLength))) {
        fail(`satisfy constraint: ${lengthConstraint(shape.memberLength)}`);
      }
      list.forEach((member, position) => check(member, shape.member, `${path}.${position + 1}.member`, errors));
      return;
    }
    case "Map": {
      const entries = Object.entries(value as Record<string, string>);
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

function isOutside(text: string, bounds: readonly [number, number] | undefined): boolean {
  return bounds !== undefined && (text.length < bounds[0] || text.length > bounds[1]);
}

function lengthConstraint([min, max]: readonly [number, number]): string {
  return `[Member must have length less than or equal to ${max}, Member must have length greater than or equal to ${min}]`;
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
