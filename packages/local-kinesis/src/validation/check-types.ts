import { WireError } from "@millrace/local-wire";
import { blobLength } from "../records/blob.ts";
import type { Members, Shape } from "./shape.ts";

const STRUCTURE_TEXT = "Start of structure or map found where not expected.";
const LIST_TEXT = "Start of list found where not expected";
/** What AWS takes for a boolean in a string. Source: mhart/kinesalite:validations/index.js. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["TRUE", true],
  ["YES", true],
  ["1", true],
  ["FALSE", false],
  ["NO", false],
  ["0", false],
]);
const MAX_INTEGER = 2 ** 31 - 1;
const MIN_INTEGER = -(2 ** 31);

/**
 * Checks the types of an input as AWS's parser does, before any constraint: members that are unknown or null are as
 * if absent. Throws a `SerializationException`. What AWS's parser converts is converted in place: an integer loses its
 * fraction and stays within 32 bits, a boolean may come as a word.
 */
export function checkTypes(input: Record<string, unknown>, members: Members): void {
  for (const [name, shape] of Object.entries(members)) {
    const value = input[name];
    if (value === undefined || value === null) continue;
    const converted = convert(value, shape);
    if (converted !== value) input[name] = converted;
  }
}

function convert(value: unknown, shape: Shape): unknown {
  switch (shape.type) {
    case "String":
      expectScalar(value, "string", "an String");
      return value;
    case "Integer":
      return convertInteger(value);
    case "Boolean":
      return convertBoolean(value);
    case "Timestamp":
      expectScalar(value, "number", "milliseconds since epoch");
      return value;
    case "Blob":
      if (value instanceof Uint8Array) return value;
      expectScalar(value, "string", "a Blob");
      checkBase64(value as string);
      return value;
    case "List":
      if (typeof value !== "object") throw serialization("Expected list or null");
      if (!Array.isArray(value)) throw serialization(STRUCTURE_TEXT);
      for (const member of value) if (member !== undefined && member !== null) convert(member, shape.member);
      return value;
    case "Map":
      if (typeof value !== "object") throw serialization("Expected map or null");
      if (Array.isArray(value)) throw serialization(LIST_TEXT);
      for (const member of Object.values(value as object)) {
        if (member !== undefined && member !== null) expectScalar(member, "string", "an String");
      }
      return value;
    case "Structure":
      if (typeof value !== "object") throw serialization("Expected null");
      if (Array.isArray(value)) throw serialization(LIST_TEXT);
      checkTypes(value as Record<string, unknown>, shape.members);
      return value;
  }
}

function convertInteger(value: unknown): number {
  if (typeof value !== "bigint") expectScalar(value, "number", "an Integer");
  const number = Math.trunc(Number(value));
  return Number.isNaN(number) ? 0 : Math.min(Math.max(number, MIN_INTEGER), MAX_INTEGER);
}

function convertBoolean(value: unknown): boolean {
  if (typeof value !== "string") {
    expectScalar(value, "boolean", "an Boolean");
    return value as boolean;
  }
  const word = value.toUpperCase();
  const boolean = BOOLEANS.get(word);
  if (boolean === undefined) throw serialization(`'${word}' can not be converted to an Boolean`);
  return boolean;
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

/** Throws AWS's `SerializationException` for what is no base64. */
export function checkBase64(text: string): void {
  if (text.length % 4 !== 0) {
    throw serialization(`Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`);
  }
  if (Buffer.from(text, "base64").length !== blobLength(text)) throw serialization("Invalid Base64 character");
}

/** The texts are AWS's, but for blobs: there AWS repeats the value, which has no place in an error or a log. */
function serialization(message: string): WireError {
  return new WireError("SerializationException", message, { member: "Message" });
}
