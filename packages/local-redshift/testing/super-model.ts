/**
 * What the documents say of SUPER, on values in memory and as plainly as possible: the tests compare the database with it. It shares no
 * code with `src`. Sources: Database Developer Guide, query-super, super-configurations, limitations-super, r_json_typeof, r_is_float.
 */
export type ModelValue =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  /** `digits` with a point before the last `scale` of them. */
  | { readonly kind: "decimal"; readonly negative: boolean; readonly digits: string; readonly scale: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "array"; readonly items: readonly ModelValue[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, ModelValue])[] };

/** How JSON may be written and mean the same. */
export type JsonStyle = "compact" | "blanks" | "escapes";

/** JSON text of a value, as a client may send it. */
export function toJson(value: ModelValue, style: JsonStyle): string {
  const gap = style === "blanks" ? " \n\t" : "";
  switch (value.kind) {
    case "array":
      return `[${gap}${value.items.map((item) => toJson(item, style)).join(`${gap},${gap}`)}${gap}]`;
    case "object": {
      const members = value.members.map(([name, item]) => `${textOf(name, style)}${gap}:${gap}${toJson(item, style)}`);
      return `{${gap}${members.join(`,${gap}`)}${gap}}`;
    }
    case "string":
      return textOf(value.value, style);
    case "float":
      return String(value.value).includes("e") ? String(value.value) : `${String(value.value)}e0`;
    default:
      return serialize(value);
  }
}

function textOf(text: string, style: JsonStyle): string {
  if (style !== "escapes") return JSON.stringify(text);
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, "0"));
  return `"${units.map((unit) => `\\u${unit}`).join("")}"`;
}

/** What JSON_SERIALIZE gives, and what an uncast value shows as. */
export function serialize(value: ModelValue | undefined): string {
  switch (value?.kind) {
    case undefined:
    case "null":
      return "null";
    case "boolean":
      return String(value.value);
    case "string":
      return JSON.stringify(value.value);
    case "float":
      return value.value.toExponential();
    case "decimal": {
      const point = value.digits.length - value.scale;
      const isZero = [...value.digits].every((digit) => digit === "0");
      const whole = value.digits.slice(0, point);
      const amount = value.scale === 0 ? whole : `${whole}.${value.digits.slice(point)}`;
      return value.negative && !isZero ? `-${amount}` : amount;
    }
    case "array":
      return `[${value.items.map(serialize).join(",")}]`;
    case "object":
      return `{${value.members.map(([name, item]) => `${JSON.stringify(name)}:${serialize(item)}`).join(",")}}`;
  }
}

/** Where steps lead; `undefined` where one leads nowhere (lax mode). */
export function navigate(value: ModelValue, steps: readonly (string | number)[]): ModelValue | undefined {
  let at: ModelValue | undefined = value;
  for (const step of steps) {
    if (typeof step === "number") at = at?.kind === "array" && step >= 0 ? at.items[step] : undefined;
    else at = at?.kind === "object" ? at.members.find(([name]) => name === step)?.[1] : undefined;
  }
  return at;
}

/** JSON_TYPEOF. */
export function typeOf(value: ModelValue | undefined): string | null {
  if (value === undefined) return null;
  return value.kind === "decimal" || value.kind === "float" ? "number" : value.kind;
}

/** `::varchar`: text for scalars, NULL for the rest. */
export function asText(value: ModelValue | undefined): string | null {
  if (value === undefined || value.kind === "null" || value.kind === "array" || value.kind === "object") return null;
  return value.kind === "string" ? value.value : serialize(value);
}

/** `::boolean` of all but strings: numbers without digits after the point are true unless they are 0. */
export function asBoolean(value: ModelValue | undefined): boolean | null {
  if (value?.kind === "boolean") return value.value;
  return value?.kind === "decimal" && value.scale === 0 ? BigInt(value.digits) !== 0n : null;
}

/** `::decimal(38,10)` of decimals: half is rounded away from zero; NULL for what does not fit and for all else but strings and floats. */
export function asDecimal(value: ModelValue | undefined): string | null {
  if (value?.kind !== "decimal") return null;
  const scaled = BigInt(value.digits) * 10n ** 10n;
  const unit = 10n ** BigInt(value.scale);
  const rounded = (2n * scaled + unit) / (2n * unit);
  if (String(rounded).length > 38) return null;
  const digits = String(rounded).padStart(11, "0");
  return `${value.negative && rounded !== 0n ? "-" : ""}${digits.slice(0, -10)}.${digits.slice(-10)}`;
}

/** `=`: deep, false across types, NULL next to null; strings without trailing blanks, numbers by their amount. */
export function equals(a: ModelValue | undefined, b: ModelValue | undefined): boolean | null {
  if (a === undefined || b === undefined || a.kind === "null" || b.kind === "null") return null;
  return isSame(a, b);
}

function isSame(a: ModelValue, b: ModelValue): boolean {
  if (isNumber(a) && isNumber(b)) return compareAmounts(a, b) === 0;
  if (a.kind === "string" && b.kind === "string") return trimmed(a.value) === trimmed(b.value);
  if (a.kind === "boolean" && b.kind === "boolean") return a.value === b.value;
  if (a.kind === "array" && b.kind === "array")
    return a.items.length === b.items.length && a.items.every((item, at) => isSame(item, b.items[at]!));
  if (a.kind === "object" && b.kind === "object")
    return (
      a.members.length === b.members.length &&
      a.members.every(([name, item]) => b.members.some(([other, value]) => other === name && isSame(item, value)))
    );
  return a.kind === "null" && b.kind === "null";
}

/** `<`: NULL across types and for what has no order. */
export function isBelow(a: ModelValue | undefined, b: ModelValue | undefined): boolean | null {
  if (a === undefined || b === undefined) return null;
  if (isNumber(a) && isNumber(b)) return compareAmounts(a, b) < 0;
  if (a.kind === "boolean" && b.kind === "boolean") return !a.value && b.value;
  if (a.kind !== "string" || b.kind !== "string") return null;
  return Buffer.compare(Buffer.from(trimmed(a.value)), Buffer.from(trimmed(b.value))) < 0;
}

/** Where ORDER BY puts a value: by type, and within numbers, strings and booleans by `<`. Null is last. */
export function compareForSort(a: ModelValue, b: ModelValue): number {
  const byType = typeOrder.indexOf(typeOf(a)!) - typeOrder.indexOf(typeOf(b)!);
  if (byType !== 0) return byType;
  return isBelow(a, b) === true ? -1 : isBelow(b, a) === true ? 1 : 0;
}

const typeOrder = ["boolean", "number", "string", "array", "object", "null"];

type ModelNumber = Extract<ModelValue, { kind: "decimal" | "float" }>;
const isNumber = (value: ModelValue): value is ModelNumber => value.kind === "decimal" || value.kind === "float";

function compareAmounts(a: ModelNumber, b: ModelNumber): number {
  const [x, y] = [fractionOf(a), fractionOf(b)];
  const difference = x.over * y.under - y.over * x.under;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** A floating point number stands for its shortest decimal text. */
function fractionOf(value: ModelNumber): { over: bigint; under: bigint } {
  if (value.kind === "decimal") {
    const over = BigInt(value.digits);
    return { over: value.negative ? -over : over, under: 10n ** BigInt(value.scale) };
  }
  const [mantissa = "", exponent = "0"] = value.value.toExponential().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const power = Number(exponent) - fraction.length;
  const over = BigInt(whole + fraction);
  return power >= 0 ? { over: over * 10n ** BigInt(power), under: 1n } : { over, under: 10n ** BigInt(-power) };
}

function trimmed(text: string): string {
  return text.endsWith(" ") ? trimmed(text.slice(0, -1)) : text;
}
