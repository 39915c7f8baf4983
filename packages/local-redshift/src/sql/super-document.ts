/**
 * SUPER values outside of the engine: what they are made of, and the text that stands for them in a column. Source: Database Developer
 * Guide, r_SUPER_type.
 *
 * The text is compact JSON. A decimal has the digits it was written with, a floating point number always an exponent (`2.22e+0`). The
 * engine's own JSON functions read most documents as they are, and much faster than we do; where one of its numbers would come back
 * changed (`1.10` as `1.1`, `2.22e+0` as `2.22`, 20 digits as 17) the text begins with a blank, and is to be read by the functions here.
 */
export type SuperValue = null | boolean | string | SuperNumber | readonly SuperValue[] | SuperObject;

/** Attributes in the order in which they were written. */
export type SuperObject = ReadonlyMap<string, SuperValue>;

/** `digits / 10 ** scale`, at most 38 digits; an integer is a decimal of scale 0. Source: Database Developer Guide, limitations-super. */
export interface SuperDecimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** A floating point number. */
export interface SuperFloat {
  readonly float: number;
}

export type SuperNumber = SuperDecimal | SuperFloat;

export const isArray = (value: SuperValue): value is readonly SuperValue[] => Array.isArray(value);
export const isObject = (value: SuperValue): value is SuperObject => value instanceof Map;
export const isSuperNumber = (value: SuperValue): value is SuperNumber =>
  typeof value === "object" && value !== null && !isArray(value) && !isObject(value);
export const isFloatNumber = (value: SuperNumber): value is SuperFloat => "float" in value;

/** Reads the text of a value. It has to be valid: what comes from outside goes through `readJson` first. */
export function readSuper(text: string): SuperValue {
  return new Reader(text).value();
}

/** The text of a value. */
export function writeSuper(value: SuperValue): string {
  const writer = new Writer();
  writer.value(value);
  return writer.text();
}

/** A number as SUPER shows it: `3.14`, `2.22e+0`. */
export function numberText(number: SuperNumber): string {
  if (isFloatNumber(number)) return number.float.toExponential();
  const negative = number.digits < 0n;
  const digits = String(negative ? -number.digits : number.digits).padStart(number.scale + 1, "0");
  const point = digits.length - number.scale;
  return `${negative ? "-" : ""}${digits.slice(0, point)}${number.scale === 0 ? "" : `.${digits.slice(point)}`}`;
}

/** Most digits of a decimal; a number with more is read as a floating point number (UNCONFIRMED). */
const maxDigits = 38;

/** A number as JSON writes it: with an exponent it is a floating point number, else a decimal (UNCONFIRMED for JSON_PARSE). */
export function readNumber(text: string): SuperNumber {
  if (text.includes("e") || text.includes("E")) return { float: Number(text) };
  const [whole = "", fraction = ""] = text.split(".");
  const digits = BigInt(whole.replace("-", "") + fraction);
  if (String(digits).length > maxDigits || fraction.length > maxDigits) return { float: Number(text) };
  return { digits: text.startsWith("-") ? -digits : digits, scale: fraction.length };
}

/** Whether the engine's JSON functions give a number back as it is written. */
export function isKeptByEngine(number: string): boolean {
  const start = number.startsWith("-") ? 1 : 0;
  const point = number.indexOf(".");
  if (point < 0) return number.length - start <= 18 && number !== "-0" && !hasExponent(number);
  const fraction = number.length - point - 1;
  if ((number.endsWith("0") && fraction > 1) || fraction > 18) return false;
  if (fraction <= 4 && number.length - start <= 16 && !(start === 1 && Number(number) === 0))
    return !hasExponent(number);
  return String(Number(number)) === number && Math.abs(Number(number)) >= 0.0001 && !hasExponent(number);
}

const hasExponent = (number: string) => number.includes("e") || number.includes("E");

class Writer {
  #parts: string[] = [];
  #isKept = true;

  text(): string {
    return `${this.#isKept ? "" : " "}${this.#parts.join("")}`;
  }

  value(value: SuperValue): void {
    if (value === null || typeof value === "boolean") this.#parts.push(String(value));
    else if (typeof value === "string") this.#parts.push(JSON.stringify(value));
    else if (isArray(value)) this.#array(value);
    else if (isObject(value)) this.#object(value);
    else this.#number(numberText(value));
  }

  #number(text: string): void {
    if (!isKeptByEngine(text)) this.#isKept = false;
    this.#parts.push(text);
  }

  #array(items: readonly SuperValue[]): void {
    this.#parts.push("[");
    for (const [index, item] of items.entries()) {
      if (index > 0) this.#parts.push(",");
      this.value(item);
    }
    this.#parts.push("]");
  }

  #object(object: SuperObject): void {
    this.#parts.push("{");
    let isFirst = true;
    for (const [name, value] of object) {
      this.#parts.push(`${isFirst ? "" : ","}${JSON.stringify(name)}:`);
      isFirst = false;
      this.value(value);
    }
    this.#parts.push("}");
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): SuperValue {
    this.#blanks();
    const char = this.#text[this.#at];
    if (char === '"') return this.#string();
    if (char === "{") return this.#object();
    if (char === "[") return this.#array();
    const start = this.#at;
    while (this.#at < this.#text.length && !ends.has(this.#text[this.#at]!)) this.#at += 1;
    const word = this.#text.slice(start, this.#at);
    if (word === "null") return null;
    if (word === "true" || word === "false") return word === "true";
    return readNumber(word);
  }

  #object(): SuperObject {
    const object = new Map<string, SuperValue>();
    this.#at += 1;
    for (;;) {
      if (this.#accept("}")) return object;
      this.#accept(",");
      this.#blanks();
      const name = this.#string();
      this.#accept(":");
      const value = this.value();
      // Of a repeated attribute the last one counts, at the place where it stands.
      object.delete(name);
      object.set(name, value);
    }
  }

  #array(): readonly SuperValue[] {
    const items: SuperValue[] = [];
    this.#at += 1;
    for (;;) {
      if (this.#accept("]")) return items;
      this.#accept(",");
      items.push(this.value());
    }
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    let isPlain = true;
    while (this.#text[end] !== '"') {
      if (this.#text[end] === "\\") {
        isPlain = false;
        end += 1;
      }
      end += 1;
    }
    this.#at = end + 1;
    return isPlain ? this.#text.slice(start + 1, end) : (JSON.parse(this.#text.slice(start, end + 1)) as string);
  }

  #accept(char: string): boolean {
    this.#blanks();
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #blanks(): void {
    while (blanks.has(this.#text[this.#at] ?? "")) this.#at += 1;
  }
}

const blanks: ReadonlySet<string> = new Set([" ", "\n", "\r", "\t"]);
const ends: ReadonlySet<string> = new Set([",", "]", "}", ...blanks]);
