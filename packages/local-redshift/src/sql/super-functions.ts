import { readJson, type ParseOptions } from "./json-text.ts";
import { SqlError } from "./sql-error.ts";
import { compareKeys, keyOf, superKey, superOrder } from "./super-order.ts";
import {
  isArray,
  isFloatNumber,
  isObject,
  isSuperNumber,
  numberText,
  readNumber,
  readSuper,
  writeSuper,
  type SuperObject,
  type SuperValue,
} from "./super-document.ts";
import { calculateNumbers, changeNumber, precisionOf } from "./super-number.ts";

/**
 * Functions on the texts of SUPER values, to be called from DuckDB's SQL; `undefined` and `null` give NULL. A thrown error's message is
 * Redshift's text. Sources: Database Developer Guide, query-super, operators-functions, c_Array_Functions and the page of each function.
 */

type Step = string | number;

/** The value at a path; `undefined` when a step leads nowhere. */
function valueAt(root: string, path: string): SuperValue | undefined {
  let value: SuperValue | undefined = readSuper(root);
  for (const step of JSON.parse(path) as Step[]) {
    if (value === undefined) return undefined;
    value = stepTo(value, step);
  }
  return value;
}

function stepTo(value: SuperValue, step: Step): SuperValue | undefined {
  if (typeof step === "string") return isObject(value) ? value.get(step) : undefined;
  return isArray(value) ? value[step] : undefined;
}

const written = (value: SuperValue | undefined) => (value === undefined ? null : writeSuper(value));

export const readValue = (root: string, path: string) => written(valueAt(root, path));

/** As {@link readValue}, and throws where a step leads nowhere. The texts are UNCONFIRMED. */
export function readStrictly(root: string, path: string): string | null {
  let value = readSuper(root);
  for (const step of JSON.parse(path) as Step[]) {
    if (value === null) return null;
    const next = stepTo(value, step);
    if (next === undefined)
      throw new SqlError(
        typeof step === "string"
          ? `Invalid navigation on SUPER value: attribute "${step}" does not exist`
          : `Invalid navigation on SUPER value: array index ${step} does not exist`,
      );
    value = next;
  }
  return writeSuper(value);
}

export function readText(root: string, path: string): string | null {
  const value = valueAt(root, path);
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  return isSuperNumber(value) ? numberText(value) : writeSuper(value).trimStart();
}

export function readScalar(root: string, path: string): string | null {
  const value = valueAt(root, path);
  return value === undefined || isArray(value) || isObject(value) ? null : readText(root, path);
}

/** DuckDB's word for the type of a value, and `FLOAT` for a floating point number. */
export function readKind(root: string, path: string): string | null {
  const value = valueAt(root, path);
  if (value === undefined) return null;
  if (value === null) return "NULL";
  if (typeof value === "boolean") return "BOOLEAN";
  if (typeof value === "string") return "VARCHAR";
  if (isArray(value)) return "ARRAY";
  if (isObject(value)) return "OBJECT";
  if (isFloatNumber(value)) return "FLOAT";
  if (value.scale > 0) return "DOUBLE";
  return value.digits < 0n ? "BIGINT" : "UBIGINT";
}

/** The element at an index that is not a constant. */
export function elementAt(root: string, index: bigint): string | null {
  const value = readSuper(root);
  return isArray(value) && index >= 0n && index < BigInt(value.length) ? writeSuper(value[Number(index)]!) : null;
}

/** The texts of an array's elements (`$[*]`) or of an object's values (`$.*`) as a JSON array of strings; empty for what is neither. */
export function partsOf(root: string, wildcard: string): string {
  const value = readSuper(root);
  if (isArray(value)) return JSON.stringify(wildcard === "$[*]" ? value.map(writeSuper) : []);
  return JSON.stringify(isObject(value) && wildcard === "$.*" ? [...value.values()].map(writeSuper) : []);
}

/** The text of a decimal as SUPER. */
export const makeNumber = (text: string) => writeSuper(readNumber(text));

/** The text of a floating point number as SUPER. Throws for infinity and what is no number, which JSON does not have (UNCONFIRMED). */
export function makeFloat(text: string): string {
  const float = Number(text);
  if (!Number.isFinite(float)) throw new SqlError(`cannot cast ${text} to super`);
  return writeSuper({ float });
}

/** The value that a composed text stands for. */
export const compose = (text: string) => writeSuper(readSuper(text));

/** An object of keys and values in turn. Throws for a repeated key, as JSON_PARSE does (UNCONFIRMED). */
export function makeObject(pairs: string): string {
  const parts = readSuper(pairs) as readonly SuperValue[];
  const object = new Map<string, SuperValue>();
  for (let index = 0; index < parts.length; index += 2) {
    const key = parts[index];
    if (typeof key !== "string") throw new SqlError("OBJECT key cannot be NULL");
    if (object.has(key)) throw new SqlError(`OBJECT has duplicate key "${key}"`);
    object.set(key, parts[index + 1]!);
  }
  return writeSuper(object);
}

export const key = (text: string) => superKey(readSuper(text));
export const order = (left: string, right: string) => superOrder(readSuper(left), readSuper(right));

/** `+ - * / %`; NULL for what are no numbers, but `+` puts strings together. */
export function calculate(operator: string, left: string, right: string): string | null {
  const [a, b] = [readSuper(left), readSuper(right)];
  if (operator === "+" && typeof a === "string" && typeof b === "string") return writeSuper(a + b);
  return isSuperNumber(a) && isSuperNumber(b) ? writeSuper(calculateNumbers(operator, a, b)) : null;
}

/** A function of one number; NULL for what is none. */
export function change(name: string, text: string): string | null {
  const value = readSuper(text);
  return isSuperNumber(value) ? writeSuper(changeNumber(name, value)) : null;
}

/** The numbers among the texts of a JSON array, one added to the other; NULL when there is none. */
export function sumOf(texts: string): string | null {
  const total = totalOf(texts);
  return total && writeSuper(total.sum);
}

export function averageOf(texts: string): string | null {
  const total = totalOf(texts);
  return total && writeSuper(calculateNumbers("/", total.sum, { digits: BigInt(total.count), scale: 0 }));
}

function totalOf(texts: string) {
  const numbers = (JSON.parse(texts) as (string | null)[])
    .map((text) => readSuper(text ?? "null"))
    .filter(isSuperNumber);
  const [first, ...rest] = numbers;
  if (first === undefined) return null;
  return { sum: rest.reduce((sum, number) => calculateNumbers("+", sum, number), first), count: numbers.length };
}

export function decimalPrecision(text: string): number | null {
  const value = decimal(text);
  return value === undefined ? null : precisionOf(value);
}

export const decimalScale = (text: string) => decimal(text)?.scale ?? null;

function decimal(text: string) {
  const value = readSuper(text);
  return isSuperNumber(value) && !isFloatNumber(value) ? value : undefined;
}

export function concatArrays(left: string, right: string): string | null {
  const [a, b] = [readSuper(left), readSuper(right)];
  return isArray(a) && isArray(b) ? writeSuper([...a, ...b]) : null;
}

/** Elements of all levels in one array. */
export function flattenArray(text: string): string | null {
  const value = readSuper(text);
  const flat = (item: SuperValue): readonly SuperValue[] => (isArray(item) ? item.flatMap(flat) : [item]);
  return isArray(value) ? writeSuper(flat(value)) : null;
}

/** From index `start`, which counts from the end when it is negative. */
export function subarray(text: string, start: bigint, length: bigint): string | null {
  const value = readSuper(text);
  if (!isArray(value)) return null;
  const from = start < 0n ? Math.max(0, value.length + Number(start)) : Number(start);
  return writeSuper(value.slice(from, from + Math.max(0, Number(length))));
}

/** An empty delimiter splits nothing (UNCONFIRMED). */
export const splitText = (text: string, delimiter: string) =>
  JSON.stringify(delimiter === "" ? [text] : text.split(delimiter));

/** `nullMatch` false: a NULL is unknown, both as the value sought and as an element. Source: DG array_positions. */
function search(array: SuperValue, value: SuperValue, nullMatch: boolean): readonly number[] | null {
  if (!isArray(array) || (value === null && !nullMatch)) return null;
  const wanted = keyOf(value);
  const found = array.flatMap((item, index) => (keyOf(item) === wanted ? [index] : []));
  return found.length === 0 && !nullMatch && array.includes(null) ? null : found;
}

export function arrayContains(array: string, value: string, nullMatch: boolean): boolean | null {
  const found = search(readSuper(array), readSuper(value), nullMatch);
  return found && found.length > 0;
}

export function arrayPosition(array: string, value: string, nullMatch: boolean): number | null {
  const found = search(readSuper(array), readSuper(value), nullMatch);
  return found && (found[0] ?? -1);
}

export function arrayPositions(array: string, value: string, nullMatch: boolean): string | null {
  const found = search(readSuper(array), readSuper(value), nullMatch);
  return found && JSON.stringify(found);
}

export function arrayDistinct(text: string): string | null {
  const value = readSuper(text);
  return isArray(value) ? writeSuper(firstOfEach(value)) : null;
}

function firstOfEach(items: readonly SuperValue[]): readonly SuperValue[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const itemKey = keyOf(item);
    return !seen.has(itemKey) && seen.add(itemKey);
  });
}

export function arrayUnion(left: string, right: string): string | null {
  const [a, b] = [readSuper(left), readSuper(right)];
  return isArray(a) && isArray(b) ? writeSuper(firstOfEach([...a, ...b])) : null;
}

/** Elements of the first array that the second has (`both`) or has not, each as often as both counts leave it. */
function matched(both: boolean, left: string, right: string, isDistinct: boolean): string | null {
  const [a, b] = [readSuper(left), readSuper(right)];
  if (!isArray(a) || !isArray(b)) return null;
  const counts = new Map<string, number>();
  for (const item of b) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  const kept = a.filter((item) => {
    const count = counts.get(keyOf(item)) ?? 0;
    if (!isDistinct && count > 0) counts.set(keyOf(item), count - 1);
    return count > 0 === both;
  });
  return writeSuper(isDistinct ? firstOfEach(kept) : kept);
}

export const arrayIntersection = (left: string, right: string, isDistinct: boolean) =>
  matched(true, left, right, isDistinct);
export const arrayExcept = (left: string, right: string, isDistinct: boolean) =>
  matched(false, left, right, isDistinct);

export function arraysOverlap(left: string, right: string): boolean | null {
  const [a, b] = [readSuper(left), readSuper(right)];
  if (!isArray(a) || !isArray(b)) return null;
  const keys = new Set(a.map(keyOf));
  return b.some((item) => keys.has(keyOf(item)));
}

export function arraySort(text: string, ascending: boolean, nullsFirst: boolean): string | null {
  const value = readSuper(text);
  if (!isArray(value)) return null;
  const nulls = value.filter((item) => item === null);
  const sorted = value
    .filter((item) => item !== null)
    .toSorted((a, b) => (ascending ? 1 : -1) * compareKeys(keyOf(a), keyOf(b)));
  return writeSuper(nullsFirst ? [...nulls, ...sorted] : [...sorted, ...nulls]);
}

/** Attribute names of all levels in other letters; where two become one, the last counts (UNCONFIRMED). */
export function renameAttributes(text: string, upper: boolean): string {
  const rename = (value: SuperValue): SuperValue => {
    if (isArray(value)) return value.map(rename);
    if (!isObject(value)) return value;
    return new Map([...value].map(([name, item]) => [upper ? name.toUpperCase() : name.toLowerCase(), rename(item)]));
  };
  return writeSuper(rename(readSuper(text)));
}

/**
 * OBJECT_TRANSFORM: what lies at the paths to keep, in the order of the input, then with values set at paths. `paths` is a JSON array of
 * the paths to keep and of those to set; `values` is a SUPER array. Source: DG r_object_transform_function.
 */
export function transformObject(text: string, paths: string, values: string): string {
  const input = readSuper(text);
  const [keep, set] = JSON.parse(paths) as [string[][], string[][]];
  if (!isObject(input) || (keep.length === 0 && set.length === 0)) return text;
  const parts = readSuper(values) as readonly SuperValue[];
  const kept = keepPaths(input, keep);
  return writeSuper(set.reduce((object, path, index) => setPath(object, path, parts[index]!), kept));
}

function keepPaths(object: SuperObject, paths: readonly (readonly string[])[]): SuperObject {
  const kept = new Map<string, SuperValue>();
  for (const [name, value] of object) {
    const own = paths.filter((path) => path[0] === name).map((path) => path.slice(1));
    if (own.some((path) => path.length === 0)) kept.set(name, value);
    else if (own.length > 0 && isObject(value)) kept.set(name, keepPaths(value, own));
  }
  return kept;
}

function setPath(object: SuperObject, path: readonly string[], value: SuperValue): SuperObject {
  const [name, ...rest] = path;
  const old = object.get(name!);
  const inner = rest.length === 0 ? value : setPath(old !== undefined && isObject(old) ? old : new Map(), rest, value);
  return new Map([...object, [name!, inner]]);
}

/** JSON_PARSE. `options` are the letters of {@link parseOptions}. */
export function parse(bytes: Uint8Array, options: string): string | null {
  const reading = readJson(bytes, parseOptions(options));
  if (reading.problem === undefined) return reading.text;
  if (options.includes("n")) return null;
  throw new SqlError(`JSON parsing error: ${reading.problem}`);
}

export const canParse = (bytes: Uint8Array, options: string) =>
  readJson(bytes, parseOptions(options)).problem === undefined;

const parseOptions = (letters: string): ParseOptions => ({
  dedupAttributes: letters.includes("d"),
  truncateStrings: letters.includes("t"),
  largeStrings: letters.includes("l"),
});
