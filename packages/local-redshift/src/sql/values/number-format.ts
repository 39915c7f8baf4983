/**
 * Numbers by the patterns of TO_CHAR and TO_NUMBER. Source: Database Developer Guide, r_Numeric_formating and r_TO_CHAR; where they say
 * nothing, as PostgreSQL does.
 */

const words = ["EEEE", "FM", "MI", "PL", "SG", "PR", "RN", "TH", "V", "9", "0", ".", ",", "D", "G", "L", "S", "$"];

interface Pattern {
  /** Upper-case words, and other characters as they are. */
  readonly parts: readonly string[];
  readonly whole: number;
  readonly fraction: number;
  readonly isLower: boolean;
}

function readPattern(pattern: string): Pattern {
  const parts: string[] = [];
  let at = 0;
  while (at < pattern.length) {
    if (pattern[at] === '"') {
      const end = pattern.indexOf('"', at + 1);
      const stop = end < 0 ? pattern.length : end;
      parts.push(`"${pattern.slice(at + 1, stop)}`);
      at = stop + 1;
      continue;
    }
    const word = words.find((candidate) => pattern.slice(at, at + candidate.length).toUpperCase() === candidate);
    parts.push(word ?? `"${pattern[at]!}`);
    at += word?.length ?? 1;
  }
  for (const word of ["EEEE", "V"])
    if (parts.includes(word)) throw new Error(`ERROR: the number format ${word} is not built in the local Redshift`);
  const point = parts.findIndex((part) => part === "." || part === "D");
  const isDigit = (part: string) => part === "9" || part === "0";
  return {
    parts,
    whole: (point < 0 ? parts : parts.slice(0, point)).filter(isDigit).length,
    fraction: point < 0 ? 0 : parts.slice(point).filter(isDigit).length,
    isLower: pattern === pattern.toLowerCase(),
  };
}

/** How many digits a pattern has before and after the point. */
export function digitsOf(pattern: string): { readonly whole: number; readonly fraction: number } {
  return readPattern(pattern);
}

/** A number, given as its text, by a pattern; `#` where it has more digits than the pattern. */
export function formatNumber(text: string, pattern: string): string {
  const read = readPattern(pattern);
  if (read.parts.includes("RN")) return roman(Number(text), read);
  const { negative, whole, fraction } = roundTo(plainDigits(text), read.fraction);
  const shown = whole === "0" && read.fraction > 0 && read.whole > 0 && !zeroBefore(read) ? "" : whole;
  const digits = shown.length > read.whole ? "#".repeat(read.whole) : shown;
  return write(
    read,
    negative && !(whole === "0" && /^0*$/.test(fraction)),
    digits,
    shown.length > read.whole ? "#".repeat(read.fraction) : fraction,
  );
}

/** Whether the last digit before the point, or one before it, is a 0 of the pattern. */
function zeroBefore({ parts }: Pattern): boolean {
  const point = parts.findIndex((part) => part === "." || part === "D");
  return parts.slice(0, point < 0 ? parts.length : point).includes("0");
}

function write(pattern: Pattern, negative: boolean, whole: string, fraction: string): string {
  const { parts } = pattern;
  const plain = parts.includes("FM");
  const zeros = firstZero(parts);
  const blanks = pattern.whole - whole.length;
  let position = 0;
  let inFraction = 0;
  let started = false;
  let afterPoint = false;
  let result = "";
  const anySign = parts.some((part) => ["S", "MI", "PL", "SG", "PR"].includes(part));
  const leadingSign =
    parts.indexOf("S") >= 0 && parts.indexOf("S") < parts.findIndex((part) => part === "9" || part === "0");
  let pendingSign = !anySign
    ? negative
      ? "-"
      : " "
    : leadingSign
      ? negative
        ? "-"
        : "+"
      : parts.includes("PR")
        ? negative
          ? "<"
          : " "
        : "";
  const begin = () => {
    result += pendingSign;
    pendingSign = "";
    started = true;
  };
  for (const part of parts) {
    switch (part) {
      case "9":
      case "0": {
        if (afterPoint) {
          result += fraction[inFraction++]!;
          break;
        }
        const index = position++;
        if (index < blanks && index < zeros) {
          result += " ";
          break;
        }
        if (!started) begin();
        result += index < blanks ? "0" : whole[index - blanks]!;
        break;
      }
      case ".":
      case "D":
        if (!started) begin();
        afterPoint = true;
        result += ".";
        break;
      case ",":
      case "G":
        result += started ? "," : " ";
        break;
      case "L":
      case "$":
        result += "$";
        break;
      case "S":
        if (!leadingSign) result += negative ? "-" : "+";
        break;
      case "SG":
        result += negative ? "-" : "+";
        break;
      case "MI":
        result += negative ? "-" : " ";
        break;
      case "PL":
        result += negative ? " " : "+";
        break;
      case "PR":
        result += negative ? ">" : " ";
        break;
      case "TH":
        result += ordinal(Number(whole), !pattern.isLower);
        break;
      case "FM":
        break;
      default:
        result += part.slice(1);
    }
  }
  return plain ? withoutBlanks(result) : result;
}

const withoutBlanks = (text: string) => text.replaceAll(" ", "");

/** The position among the digits from where zeros are written. */
function firstZero(parts: readonly string[]): number {
  const digits = parts.filter((part) => part === "9" || part === "0" || part === "." || part === "D");
  const zero = digits.indexOf("0");
  const point = digits.findIndex((part) => part === "." || part === "D");
  return zero < 0 || (point >= 0 && zero > point) ? Number.POSITIVE_INFINITY : zero;
}

function ordinal(value: number, upper: boolean): string {
  const suffix = Math.floor((value % 100) / 10) === 1 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th");
  return upper ? suffix.toUpperCase() : suffix;
}

const romanDigits: readonly (readonly [number, string])[] = [
  [1000, "M"],
  [900, "CM"],
  [500, "D"],
  [400, "CD"],
  [100, "C"],
  [90, "XC"],
  [50, "L"],
  [40, "XL"],
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
];

/** Width of a Roman number. Source: the output of Database Developer Guide, r_TO_CHAR. */
const romanWidth = 15;

function roman(value: number, { parts, isLower }: Pattern): string {
  let rest = Math.round(value);
  if (rest < 1 || rest > 3999) return "#".repeat(romanWidth);
  let result = "";
  for (const [worth, digits] of romanDigits)
    while (rest >= worth) {
      result += digits;
      rest -= worth;
    }
  const cased = isLower ? result.toLowerCase() : result;
  return parts.includes("FM") ? cased : cased.padStart(romanWidth);
}

interface Digits {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** Digits of a number's text, without an exponent. */
function plainDigits(text: string): Digits {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text.trim());
  if (found === null || ((found[2] ?? "") === "" && (found[3] ?? "") === ""))
    throw new Error(`ERROR: invalid input syntax for numeric: "${text}"`);
  const exponent = Number(found[4] ?? 0);
  const [whole, fraction] = [found[2] ?? "", found[3] ?? ""];
  const digits = `${whole}${fraction}`;
  const point = whole.length + exponent;
  const padded = point < 0 ? `${"0".repeat(-point)}${digits}` : digits.padEnd(point, "0");
  const at = Math.max(0, point);
  return {
    negative: found[1] === "-",
    whole: padded.slice(0, at).replace(/^0+(?=\d)/, "") || "0",
    fraction: padded.slice(at),
  };
}

/** Rounds half away from zero, or to even when asked. */
function roundTo({ negative, whole, fraction }: Digits, scale: number, toEven = false): Digits {
  if (fraction.length <= scale) return { negative, whole, fraction: fraction.padEnd(scale, "0") };
  const kept = BigInt(`${whole}${fraction.slice(0, scale)}`);
  const rest = fraction.slice(scale);
  const isHalf = /^50*$/.test(rest);
  const up = isHalf && toEven ? kept % 2n === 1n : rest[0]! >= "5";
  const digits = String(up ? kept + 1n : kept).padStart(scale + 1, "0");
  return { negative, whole: digits.slice(0, digits.length - scale), fraction: digits.slice(digits.length - scale) };
}

const shownNumber = ({ negative, whole, fraction }: Digits) =>
  `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;

/** Text read by a pattern, as a number's text. Source: Database Developer Guide, r_TO_NUMBER. */
export function readNumber(text: string, pattern: string): string {
  const { parts, fraction } = readPattern(pattern);
  const negative = text.includes("-") || (parts.includes("PR") && text.includes("<"));
  const digits = text.replaceAll(/[$,\s+<>-]/g, "");
  if (!/^\d*\.?\d*$/.test(digits) || !/\d/.test(digits))
    throw new Error(`ERROR: invalid input syntax for numeric: "${text}"`);
  const read = plainDigits(digits);
  return shownNumber({ ...read, negative, fraction: read.fraction.slice(0, fraction).padEnd(fraction, "0") });
}

/**
 * Text as Teradata writes numbers, with the sign before or behind; blank text is 0. Rounded half to even at `scale`, cut when it is -1.
 * Source: Database Developer Guide, r_TEXT_TO_INT_ALT, r_TEXT_TO_NUMERIC_ALT.
 */
export function readSignedNumber(text: string, scale: number): string {
  const written = text.trim();
  if (written === "") return "0";
  const sign = /[+-]$/.exec(written)?.[0];
  const digits = plainDigits(sign === undefined ? written : `${sign}${written.slice(0, -1)}`);
  if (scale < 0) return shownNumber({ ...digits, fraction: "" });
  return shownNumber(roundTo(digits, scale, true));
}
