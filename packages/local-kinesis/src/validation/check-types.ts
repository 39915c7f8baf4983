import { WireError } from "@millrace/local-wire";
import { blobLength } from "../log/block.ts";
import type { Members, Shape } from "./shape.ts";

const STRUCTURE_TEXT = "Start of structure or map found where not expected.";
const LIST_TEXT = "Start of list found where not expected";

/**
 * Checks the types of an input as AWS's parser does, before any constraint: members that are unknown or null are as
 * if absent. Throws a `SerializationException`.
 */
export function checkTypes(input: Record<string, unknown>, members: Members): void {
  for (const [name, shape] of Object.entries(members)) {
    const value = input[name];
    if (value !== undefined && value !== null) checkType(value, shape);
  }
}

function checkType(value: unknown, shape: Shape): void {
  switch (shape.type) {
    case "String":
      return expectScalar(value, "string", "an String");
    case "Integer":
      return expectScalar(value, "number", "an Integer");
    case "Boolean":
      return expectScalar(value, "boolean", "an Boolean");
    case "Timestamp":
      return expectScalar(value, "number", "milliseconds since epoch");
    case "Blob":
      if (value instanceof Uint8Array) return;
      expectScalar(value, "string", "a Blob");
      return checkBase64(value as string);
    case "List":
      if (typeof value !== "object") throw serialization("Expected list or null");
      if (!Array.isArray(value)) throw serialization(STRUCTURE_TEXT);
      for (const member of value) if (member !== undefined && member !== null) checkType(member, shape.member);
      return;
    case "Map":
      if (typeof value !== "object") throw serialization("Expected map or null");
      if (Array.isArray(value)) throw serialization(LIST_TEXT);
      for (const member of Object.values(value as object)) expectScalar(member, "string", "an String");
      return;
    case "Structure":
      if (typeof value !== "object") throw serialization("Expected null");
      if (Array.isArray(value)) throw serialization(LIST_TEXT);
      return checkTypes(value as Record<string, unknown>, shape.members);
  }
}

function expectScalar(value: unknown, type: "string" | "number" | "boolean", target: string): void {
  if (typeof value === type) return;
  if (Array.isArray(value)) throw serialization(LIST_TEXT);
  switch (typeof value) {
    case "boolean":
      throw serialization(`class java.lang.Boolean can not be converted to ${target}`);
    case "number":
    case "bigint":
      throw serialization(
        `class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to ${target}`,
      );
    case "string":
      throw serialization(`class java.lang.String can not be converted to ${target}`);
    default:
      throw serialization(STRUCTURE_TEXT);
  }
}

function checkBase64(text: string): void {
  if (text.length % 4 !== 0) {
    throw serialization(`Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`);
  }
  if (Buffer.from(text, "base64").length !== blobLength(text)) throw serialization("Invalid Base64 character");
}

/** The texts are AWS's, but for blobs: there AWS repeats the value, which has no place in an error or a log. */
function serialization(message: string): WireError {
  return new WireError("SerializationException", message, { member: "Message" });
}
