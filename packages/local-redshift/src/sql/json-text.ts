import { isUtf8 } from "node:buffer";
import {
  isArray,
  isFloatNumber,
  isKeptByEngine,
  isObject,
  isSuperNumber,
  readSuper,
  writeSuper,
  type SuperValue,
} from "./super-document.ts";

/** Why JSON_PARSE refuses a text. */
export type JsonProblem =
  | "not UTF-8"
  | "not JSON"
  | "duplicate attribute"
  | "number out of range"
  | "string too long"
  | "nested too deeply"
  | "value too large";

/** What reading bytes as JSON gave: compact text, or why there is none. */
export type JsonReading = { readonly text: string; readonly problem?: undefined } | { readonly problem: JsonProblem };

/** Settings of a session that change what JSON_PARSE takes; all off by default. Source: DG super-configurations, MG behavior-changes. */
export interface ParseOptions {
  /** `json_parse_dedup_attributes`: of a repeated attribute the last one is kept. */
  readonly dedupAttributes?: boolean;
  /** `json_parse_truncate_strings`: a string that is too long is cut. */
  readonly truncateStrings?: boolean;
  /** `enable_large_strings_opt_in`. */
  readonly largeStrings?: boolean;
}

/** Longest string in a SUPER value, in bytes, without and with large strings. Source: MG behavior-changes, DG limitations-super. */
const maxStringBytes = 65_535;
const maxLargeStringBytes = 16_000_000;
/** Largest SUPER value; the text's bytes stand for those of Redshift's own format (close). Source: DG limitations-super. */
const maxValueBytes = 16 * 1024 * 1024;
/** Deepest nesting of a SUPER value. Source: Database Developer Guide, limitations-super. */
const maxDepth = 1_000;

/**
 * Reads bytes as JSON_PARSE does: strict JSON, no repeated attribute in an object, strings and nesting within limits. What comes back is
 * the text of a SUPER value, see super-document.ts.
 */
export function readJson(bytes: Uint8Array, options: ParseOptions = {}): JsonReading {
  if (bytes.length > maxValueBytes) return { problem: "value too large" };
  if (!isUtf8(bytes)) return { problem: "not UTF-8" };
  const scanner = new JsonScanner(bytes, options);
  try {
    scanner.document();
  } catch (problem) {
    if (problem instanceof Refusal) return { problem: problem.problem };
    throw problem;
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (scanner.isForeign)
    return rewritten(buffer.toString("utf8"), options.truncateStrings === true ? scanner.maxStringBytes : undefined);
  return { text: scanner.hasBlanks ? compact(buffer) : buffer.toString("utf8") };
}

function rewritten(text: string, longest: number | undefined): JsonReading {
  const value = readSuper(text);
  const problem = findProblem(value);
  if (problem !== undefined) return { problem };
  return { text: writeSuper(longest === undefined ? value : cutStrings(value, longest)) };
}

/** An escape may stand for half a character; a number may be beyond what a floating point number holds (refused: UNCONFIRMED). */
function findProblem(value: SuperValue): JsonProblem | undefined {
  if (typeof value === "string") return value.isWellFormed() ? undefined : "not UTF-8";
  if (isObject(value)) return findFirst([...value.keys(), ...value.values()]);
  if (isArray(value)) return findFirst(value);
  return isSuperNumber(value) && isFloatNumber(value) && !Number.isFinite(value.float)
    ? "number out of range"
    : undefined;
}

function findFirst(values: readonly SuperValue[]): JsonProblem | undefined {
  for (const value of values) {
    const problem = findProblem(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function cutStrings(value: SuperValue, longest: number): SuperValue {
  if (typeof value === "string") return cutText(value, longest);
  if (isArray(value)) return value.map((item) => cutStrings(item, longest));
  return isObject(value) ? new Map([...value].map(([name, item]) => [name, cutStrings(item, longest)])) : value;
}

/** As many whole characters as fit. */
function cutText(text: string, longest: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= longest) return text;
  let end = longest;
  while ((bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}

class Refusal extends Error {
  readonly problem: JsonProblem;
  constructor(problem: JsonProblem) {
    super(problem);
    this.problem = problem;
  }
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const slash = 0x2f;
const [minus, plus, point, zero, nine] = [0x2d, 0x2b, 0x2e, 0x30, 0x39];
const words = { t: Buffer.from("true"), f: Buffer.from("false"), n: Buffer.from("null") };

class JsonScanner {
  readonly #bytes: Uint8Array;
  readonly #options: ParseOptions;
  readonly maxStringBytes: number;
  #at = 0;
  hasBlanks = false;
  /** Something is not written as SUPER writes it: an escape, a number, a repeated attribute, a string to be cut. */
  isForeign = false;

  constructor(bytes: Uint8Array, options: ParseOptions) {
    this.#bytes = bytes;
    this.#options = options;
    this.maxStringBytes = options.largeStrings === true ? maxLargeStringBytes : maxStringBytes;
  }

  document(): void {
    this.#blanks();
    this.#value(0);
    this.#blanks();
    if (this.#at !== this.#bytes.length) throw new Refusal("not JSON");
  }

  #value(depth: number): void {
    const byte = this.#bytes[this.#at];
    if (byte === quote) this.#string();
    else if (byte === openBrace) this.#object(depth + 1);
    else if (byte === openBracket) this.#array(depth + 1);
    else if (byte === 0x74) this.#word(words.t);
    else if (byte === 0x66) this.#word(words.f);
    else if (byte === 0x6e) this.#word(words.n);
    else this.#number();
  }

  #object(depth: number): void {
    if (depth > maxDepth) throw new Refusal("nested too deeply");
    const keys = new KeySet(this.#bytes);
    this.#at += 1;
    this.#blanks();
    if (this.#accept(closeBrace)) return;
    for (;;) {
      const start = this.#at;
      if (this.#bytes[start] !== quote) throw new Refusal("not JSON");
      this.#string(true);
      if (keys.has(start + 1, this.#at - 1)) {
        if (this.#options.dedupAttributes !== true) throw new Refusal("duplicate attribute");
        this.isForeign = true;
      }
      this.#blanks();
      if (!this.#accept(colon)) throw new Refusal("not JSON");
      this.#blanks();
      this.#value(depth);
      this.#blanks();
      if (this.#accept(closeBrace)) return;
      if (!this.#accept(comma)) throw new Refusal("not JSON");
      this.#blanks();
    }
  }

  #array(depth: number): void {
    if (depth > maxDepth) throw new Refusal("nested too deeply");
    this.#at += 1;
    this.#blanks();
    if (this.#accept(closeBracket)) return;
    for (;;) {
      this.#value(depth);
      this.#blanks();
      if (this.#accept(closeBracket)) return;
      if (!this.#accept(comma)) throw new Refusal("not JSON");
      this.#blanks();
    }
  }

  /** `json_parse_truncate_strings` does not cut names. Source: DG super-configurations. */
  #string(isName = false): void {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    let at = start;
    for (;;) {
      const byte = bytes[at];
      if (byte === quote) break;
      if (byte === undefined || byte < 0x20) throw new Refusal("not JSON");
      if (byte === backslash) {
        if (bytes[at + 1] === 0x75 || bytes[at + 1] === slash) this.isForeign = true;
        at += escapeLength(bytes, at);
      } else at += 1;
    }
    this.#at = at + 1;
    const most = this.maxStringBytes;
    if (at - start <= most || decodedLength(bytes.subarray(start - 1, at + 1)) <= most) return;
    if (isName || this.#options.truncateStrings !== true) throw new Refusal("string too long");
    this.isForeign = true;
  }

  #number(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    this.#accept(minus);
    if (!this.#accept(zero)) this.#digits();
    let isWhole = true;
    if (this.#accept(point)) {
      isWhole = false;
      this.#digits();
    }
    if (bytes[this.#at] === 0x65 || bytes[this.#at] === 0x45) {
      isWhole = false;
      this.#at += 1;
      if (!this.#accept(plus)) this.#accept(minus);
      this.#digits();
    }
    if (this.#isForeignNumber(start, isWhole)) this.isForeign = true;
  }

  /** Few digits without a point are the common case, and need no text. */
  #isForeignNumber(start: number, isWhole: boolean): boolean {
    if (isWhole && this.#at - start <= 18 && this.#bytes[start] !== minus) return false;
    return !isKeptByEngine(Buffer.from(this.#bytes.subarray(start, this.#at)).toString("latin1"));
  }

  #digits(): void {
    const start = this.#at;
    while (isDigit(this.#bytes[this.#at])) this.#at += 1;
    if (this.#at === start) throw new Refusal("not JSON");
  }

  #word(word: Uint8Array): void {
    for (let index = 0; index < word.length; index += 1)
      if (this.#bytes[this.#at + index] !== word[index]) throw new Refusal("not JSON");
    this.#at += word.length;
  }

  #accept(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  #blanks(): void {
    const start = this.#at;
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
      this.#at += 1;
    }
    if (this.#at !== start) this.hasBlanks = true;
  }
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= zero && byte <= nine;

function escapeLength(bytes: Uint8Array, at: number): number {
  const byte = bytes[at + 1];
  if (byte === 0x75) {
    for (let index = at + 2; index < at + 6; index += 1) if (!isHex(bytes[index])) throw new Refusal("not JSON");
    return 6;
  }
  if (byte === undefined || !simpleEscapes.has(byte)) throw new Refusal("not JSON");
  return 2;
}

const simpleEscapes: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));
const isHex = (byte: number | undefined) =>
  byte !== undefined && (isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66));

function decodedLength(quoted: Uint8Array): number {
  return Buffer.byteLength(JSON.parse(Buffer.from(quoted).toString("utf8")) as string);
}

/** The attributes of one object; few are compared as bytes, many as strings in a set. */
class KeySet {
  readonly #bytes: Uint8Array;
  readonly #ranges: number[] = [];
  #texts: Set<string> | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether the attribute was here before; it is from now on. */
  has(start: number, end: number): boolean {
    const plain = this.#bytes.subarray(start, end).indexOf(backslash) < 0;
    if (this.#texts === undefined && plain && this.#ranges.length < 32) {
      for (let index = 0; index < this.#ranges.length; index += 2)
        if (this.#same(this.#ranges[index]!, this.#ranges[index + 1]!, start, end)) return true;
      this.#ranges.push(start, end);
      return false;
    }
    this.#texts ??= this.#allTexts();
    const text = this.#text(start, end);
    if (this.#texts.has(text)) return true;
    this.#texts.add(text);
    return false;
  }

  #same(a: number, aEnd: number, b: number, bEnd: number): boolean {
    if (aEnd - a !== bEnd - b) return false;
    for (let offset = 0; offset < aEnd - a; offset += 1)
      if (this.#bytes[a + offset] !== this.#bytes[b + offset]) return false;
    return true;
  }

  #allTexts(): Set<string> {
    const texts = new Set<string>();
    for (let index = 0; index < this.#ranges.length; index += 2)
      texts.add(this.#text(this.#ranges[index]!, this.#ranges[index + 1]!));
    return texts;
  }

  #text(start: number, end: number): string {
    return JSON.parse(Buffer.from(this.#bytes.subarray(start - 1, end + 1)).toString("utf8")) as string;
  }
}

/** The text without the blanks between tokens; what is inside strings stays. */
function compact(json: Uint8Array): string {
  const kept = Buffer.allocUnsafe(json.length);
  let length = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]!;
    if (inString && byte === backslash) {
      kept[length++] = byte;
      kept[length++] = json[++at]!;
      continue;
    }
    if (byte === quote) inString = !inString;
    if (!inString && byte <= 0x20) continue;
    kept[length++] = byte;
  }
  return kept.toString("utf8", 0, length);
}
