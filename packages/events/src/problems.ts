import type { ColumnConstraint, EventColumn } from "./columns.ts";
import { isEventTime } from "./event-time.ts";
import { families, familyOf } from "./families.ts";
import { fitsBytes } from "./text.ts";

/** Why a value is no event of the contract. */
export type EventRule =
  | "not-an-object"
  | "unknown-event-name"
  | "missing-field"
  | "wrong-type"
  | "out-of-range"
  | "unknown-field"
  | "bad-time";

/** One thing that is wrong with a value. Messages name types and bounds, never a value of the event: it may be private. */
export interface EventProblem {
  readonly rule: EventRule;
  /** JSON Pointer to the field (RFC 6901), empty for the event as a whole. Keys are cut after 40 characters. */
  readonly path: string;
  /** What was expected and what kind of thing was got. */
  readonly message: string;
}

/** Longest piece of a name that a problem repeats, in characters. */
const maxNameLength = 40;
/** Most unknown fields reported one by one; a last problem counts those beyond. */
const maxUnknownFields = 50;

/** The envelope, for events whose family is not known; their `user` may be of any type. */
const envelopeColumns = (families[0]?.columns ?? []).filter(({ attribute }) =>
  ["event_id", "event_time"].includes(attribute),
);

/** Everything that is wrong with a value; at least one problem for every value that is no event. */
export function findProblems(value: unknown): readonly EventProblem[] {
  if (!isObject(value)) {
    return [{ rule: "not-an-object", path: "", message: `expected a plain object, got ${typeName(value)}` }];
  }
  const family = familyOf(own(value, "event_name"));
  if (family === undefined)
    return [eventNameProblem(value), ...fieldProblems(value, envelopeColumns), ...userProblems(value)];
  return [...fieldProblems(value, family.columns), ...unknownFieldProblems(value, family.columns)];
}

function eventNameProblem(value: object): EventProblem {
  const path = "/event_name";
  const name = own(value, "event_name");
  if (name === undefined) return missing("event_name");
  if (typeof name !== "string")
    return { rule: "wrong-type", path, message: `expected a string, got ${typeName(name)}` };
  return {
    rule: "unknown-event-name",
    path,
    message: `expected an event name of ${families.map((family) => family.name).join(" or ")}, got ${JSON.stringify(shorten(name))}`,
  };
}

function userProblems(value: object): readonly EventProblem[] {
  return own(value, "user") === undefined ? [missing("user")] : [];
}

function fieldProblems(value: object, columns: readonly EventColumn[]): readonly EventProblem[] {
  return columns.flatMap((column) => {
    const found = own(value, column.attribute);
    if (found === undefined) return [missing(column.attribute)];
    if (found === null && column.nullable) return [];
    const fault = faultOf(column.constraint, found);
    if (fault === undefined) return [];
    const expected = describe(column.constraint) + (column.nullable ? " or null" : "");
    return [{ rule: fault.rule, path: `/${column.attribute}`, message: `expected ${expected}, got ${fault.got}` }];
  });
}

function missing(attribute: string): EventProblem {
  return { rule: "missing-field", path: `/${attribute}`, message: "expected the field, got an event without it" };
}

function unknownFieldProblems(value: object, columns: readonly EventColumn[]): readonly EventProblem[] {
  const known = new Set(columns.map(({ attribute }) => attribute));
  const unknown = Object.getOwnPropertyNames(value).filter((key) => !known.has(key));
  const problems: EventProblem[] = unknown.slice(0, maxUnknownFields).map((key) => ({
    rule: "unknown-field",
    path: `/${pointerToken(key)}`,
    message: "expected no field of this name",
  }));
  const rest = unknown.length - problems.length;
  if (rest > 0)
    problems.push({ rule: "unknown-field", path: "", message: `expected no further fields, got ${rest} more` });
  return problems;
}

interface Fault {
  readonly rule: EventRule;
  readonly got: string;
}

function faultOf(constraint: ColumnConstraint, found: unknown): Fault | undefined {
  switch (constraint.kind) {
    case "integer":
      return integerFault(constraint, found);
    case "time":
      if (typeof found !== "string") return { rule: "wrong-type", got: typeName(found) };
      return isEventTime(found)
        ? undefined
        : { rule: "bad-time", got: "a string of another form, or a date that does not exist" };
    case "names":
      if (typeof found !== "string") return { rule: "wrong-type", got: typeName(found) };
      return constraint.names.includes(found) ? undefined : { rule: "out-of-range", got: "another string" };
    case "text":
      return textFault(constraint, found);
  }
}

function integerFault(bounds: Extract<ColumnConstraint, { kind: "integer" }>, found: unknown): Fault | undefined {
  if (typeof found !== "number" || !Number.isFinite(found)) return { rule: "wrong-type", got: typeName(found) };
  if (!Number.isInteger(found)) return { rule: "wrong-type", got: "a number with a fraction" };
  if (found < bounds.minimum) return { rule: "out-of-range", got: "a smaller one" };
  if (found > bounds.maximum) return { rule: "out-of-range", got: "a larger one" };
  return undefined;
}

function textFault(bounds: Extract<ColumnConstraint, { kind: "text" }>, found: unknown): Fault | undefined {
  if (typeof found !== "string") return { rule: "wrong-type", got: typeName(found) };
  if (found.length < bounds.minLength) return { rule: "out-of-range", got: `one of length ${found.length}` };
  if (!fitsBytes(found, bounds.maxBytes))
    return { rule: "out-of-range", got: `one of ${Buffer.byteLength(found)} bytes` };
  if (!found.isWellFormed())
    return { rule: "out-of-range", got: "one with half a surrogate pair, which UTF-8 cannot encode" };
  if (found.includes("\0")) return { rule: "out-of-range", got: "one with the character U+0000" };
  return undefined;
}

function describe(constraint: ColumnConstraint): string {
  switch (constraint.kind) {
    case "integer":
      return `an integer from ${constraint.minimum} to ${constraint.maximum}`;
    case "time":
      return "an ISO 8601 date and time with a zone (2026-11-21T10:00:00Z)";
    case "names":
      return `one of ${constraint.names.join(", ")}`;
    case "text":
      return `a string of ${constraint.minLength > 0 ? `${constraint.minLength} character or more and ` : ""}at most ${constraint.maxBytes} bytes`;
  }
}

function isObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The value of an attribute that JSON.stringify would write. */
function own(value: object, attribute: string): unknown {
  return Object.prototype.propertyIsEnumerable.call(value, attribute)
    ? (value as Readonly<Record<string, unknown>>)[attribute]
    : undefined;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return Number.isFinite(value) ? "a number" : "a number that JSON cannot hold";
  if (typeof value === "object") return isObject(value) ? "an object" : "an object with a class of its own";
  return value === undefined ? "undefined" : `a ${typeof value}`;
}

function shorten(name: string): string {
  return name.length > maxNameLength ? `${name.slice(0, maxNameLength)}…`.toWellFormed() : name;
}

function pointerToken(key: string): string {
  return shorten(key).replaceAll("~", "~0").replaceAll("/", "~1");
}
