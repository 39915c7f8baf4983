import {
  isArray,
  isFloatNumber,
  isObject,
  isSuperNumber,
  numberText,
  type SuperNumber,
  type SuperValue,
} from "./super-document.ts";

/**
 * Comparison and order of SUPER values. `=` is deep and false across types, `<` is NULL across types; numbers of any kind compare with
 * each other, strings without their trailing blanks. ORDER BY goes boolean, number, string, array, object. Source: Database Developer
 * Guide, query-super.
 */

/**
 * Text that is equal for equal values and sorts, byte by byte, as ORDER BY does; NULL for null. Among arrays and among objects the order
 * is by their parts (UNCONFIRMED).
 */
export function superKey(value: SuperValue): string | null {
  return value === null ? null : keyOf(value);
}

/** Below, at or above 0 as in a sort; NULL across types and for what has no order. */
export function superOrder(a: SuperValue, b: SuperValue): number | null {
  const comparable =
    (typeof a === "boolean" && typeof b === "boolean") ||
    (typeof a === "string" && typeof b === "string") ||
    (isSuperNumber(a) && isSuperNumber(b));
  return comparable ? compareKeys(keyOf(a), keyOf(b)) : null;
}

/** Keys in the order of their bytes. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The key of any value, null included: it is below all others and equal to itself. */
export function keyOf(value: SuperValue): string {
  if (value === null) return "0";
  if (typeof value === "boolean") return value ? "1t" : "1f";
  if (isSuperNumber(value)) return `2${numberKey(value)}`;
  if (typeof value === "string") return `3${textKey(withoutTrailingBlanks(value))}`;
  if (isObject(value)) {
    const names = [...value.keys()].toSorted();
    return `5${names.map((name) => `1${textKey(name)}${keyOf(value.get(name)!)}`).join("")}${end}`;
  }
  return isArray(value) ? `4${value.map(keyOf).join("")}${end}` : "";
}

/** Below every character that a key goes on with. */
const end = "\u0001";

/** Characters up to the one that ends a text are set off by another. */
function textKey(text: string): string {
  let key = "";
  for (const char of text) key += char <= "\u0002" ? `\u0002${String.fromCharCode(char.charCodeAt(0) + 0x30)}` : char;
  return key + end;
}

/** Sign, exponent and digits; of a negative number the nines' complement, so that the larger amount sorts first. */
function numberKey(number: SuperNumber): string {
  const { negative, exponent, digits } = scientific(number);
  if (digits === "") return "1";
  const amount = `${String(exponent + 5_000).padStart(4, "0")}${digits}`;
  if (!negative) return `2${amount} `;
  return `0${[...amount].map((digit) => String(9 - Number(digit))).join("")}~`;
}

function scientific(number: SuperNumber): { negative: boolean; exponent: number; digits: string } {
  const plain = isFloatNumber(number) ? number.float.toExponential() : numberText(number);
  const [mantissa, power] = splitExponent(plain);
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const all = whole + fraction;
  let first = 0;
  while (first < all.length && all[first] === "0") first += 1;
  let last = all.length;
  while (last > first && all[last - 1] === "0") last -= 1;
  return {
    negative: plain.startsWith("-"),
    exponent: whole.length - first + Number(power),
    digits: all.slice(first, last),
  };
}

function splitExponent(text: string): [string, string] {
  const at = text.indexOf("e");
  return at < 0 ? [text, "0"] : [text.slice(0, at), text.slice(at + 1)];
}

function withoutTrailingBlanks(text: string): string {
  let length = text.length;
  while (length > 0 && text[length - 1] === " ") length -= 1;
  return text.slice(0, length);
}
