/**
 * Teradata's patterns of numbers, as TEXT_TO_INT_ALT and TEXT_TO_NUMERIC_ALT take them.
 * Source: Database Developer Guide, r_Numeric-format-teradata, which names no texts.
 */
export interface TeradataFormat {
  /** Digits that may stand before the decimal point and behind it. */
  readonly whole: number;
  readonly fraction: number;
  /** `V`: the point is not written; the last digits are the fraction. */
  readonly hasImpliedPoint: boolean;
  /** `S`: the last digit carries the sign. */
  readonly isZoned: boolean;
  /** The currency that may stand before or behind the number. */
  readonly currency: string | undefined;
}

const currencies: Readonly<Record<string, string>> = { L: "$", C: "USD", N: "US Dollars" };

/** The last characters of a signed zoned decimal, by their digit. */
const positiveDigits = "{ABCDEFGHI";
const negativeDigits = "}JKLMNOPQR";

/** Reads a pattern: `9` and `Z` with an optional count, one of `.`, `D` and `V`, `S`, and one of `L`, `C` and `N`. */
export function readTeradataFormat(format: string): TeradataFormat | undefined {
  const found = /^([LCN]?)((?:[9Z](?:\((?:\d+|I|F)\))?)*)(?:([.DV])((?:[9Z](?:\((?:\d+|I|F)\))?)*))?(S?)([LCN]?)$/.exec(
    format,
  );
  const [, before = "", whole = "", point, fraction = "", zone = "", behind = ""] = found ?? [];
  const digits = `${whole}${fraction}`;
  const isWrong =
    digits === "" ||
    (before !== "" && behind !== "") ||
    /9.*Z/.test(whole) ||
    (/9/.test(whole) && /Z/.test(fraction)) ||
    (point === "V" && fraction.includes("F")) ||
    (zone !== "" && (point !== undefined || /[ZF]/.test(digits)));
  if (found === null || isWrong) return undefined;
  return {
    whole: countOf(whole) + (zone === "" ? 0 : 1),
    fraction: countOf(fraction),
    hasImpliedPoint: point === "V",
    isZoned: zone !== "",
    currency: currencies[before || behind],
  };
}

function countOf(digits: string): number {
  let count = 0;
  for (const [, times] of digits.matchAll(/[9Z](?:\((\d+|I|F)\))?/g))
    count += times === undefined ? 1 : /\d/.test(times) ? Number(times) : Infinity;
  return count;
}

/**
 * Text in a pattern as a plain number's text, with a sign and an exponent where it has them; blank text stays blank. Throws for text that
 * does not fit, or has more digits before the point than the pattern.
 */
export function readTeradataNumber(text: string, format: string): string {
  const read = readTeradataFormat(format);
  if (read === undefined) throw new Error(`ERROR: invalid format "${format}"`);
  const plain = withoutCurrency(text.trim(), read.currency).replaceAll(/[/,:%]/g, "");
  if (plain === "") return "";
  const found = /^([+-]?)([\d-]*?)(?:\.(\d*))?(E[+-]?\d+)?([+-]?)$/i.exec(read.isZoned ? zonedDigits(plain) : plain);
  const [, sign, written = "", fraction = "", exponent = "", behind] = found ?? [];
  const whole = written.replaceAll("-", "");
  if (found === null || `${whole}${fraction}` === "" || (sign !== "" && behind !== ""))
    throw new Error(`ERROR: invalid input syntax for numeric: "${text}"`);
  const point = read.hasImpliedPoint && !plain.includes(".") ? read.fraction : 0;
  const shift = Number(exponent.slice(1)) - point;
  const length = whole.replace(/^0+/, "").length + shift;
  if (length > read.whole) throw new Error(`ERROR: "${text}" has more digits than the format "${format}"`);
  return `${sign || behind}${whole}.${fraction}E${shift}`;
}

function withoutCurrency(text: string, currency: string | undefined): string {
  if (currency === undefined) return text;
  if (text.startsWith(currency)) return text.slice(currency.length).trimStart();
  return text.endsWith(currency) ? text.slice(0, -currency.length).trimEnd() : text;
}

function zonedDigits(text: string): string {
  const last = text.at(-1)!;
  if (positiveDigits.includes(last)) return `${text.slice(0, -1)}${positiveDigits.indexOf(last)}`;
  if (negativeDigits.includes(last)) return `-${text.slice(0, -1)}${negativeDigits.indexOf(last)}`;
  return text;
}
