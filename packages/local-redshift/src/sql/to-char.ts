/** Formats and reads dates with the patterns of TO_CHAR and TO_TIMESTAMP. Source: Database Developer Guide, r_FORMAT_strings. */

const monthNames = "January February March April May June July August September October November December".split(" ");
const dayNames = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const romanMonths = "I II III IV V VI VII VIII IX X XI XII".split(" ");
const dayMicros = 86_400_000_000n;

/** Longest first, so that `HH24` is not read as `HH`. */
const patterns = (
  "HH24 HH12 YYYY SSSS MONTH Month month A.M. P.M. a.m. p.m. YYY IYYY IYY IDDD MON Mon mon DAY Day day DDD " +
  "HH MI SS MS US AM PM am pm YY CC IW WW MM RM DD DY Dy dy TZ tz OF BC AD B.C. A.D. ID IY I Y,YYY Y W Q D J"
)
  .split(" ")
  .sort((a, b) => b.length - a.length);

/** Splits a pattern into the words that stand for something and the text between. */
function splitPattern(pattern: string): { readonly word?: string; readonly text: string; readonly plain: boolean }[] {
  const parts: { word?: string; text: string; plain: boolean }[] = [];
  let at = 0;
  let plain = false;
  while (at < pattern.length) {
    if (pattern[at] === '"') {
      const end = pattern.indexOf('"', at + 1);
      const stop = end < 0 ? pattern.length : end;
      parts.push({ text: pattern.slice(at + 1, stop), plain: false });
      at = stop + 1;
      continue;
    }
    if (pattern.startsWith("FM", at)) {
      plain = true;
      at += 2;
      continue;
    }
    const word =
      patterns.find((candidate) => pattern.startsWith(candidate, at)) ??
      patterns.find((candidate) => pattern.slice(at, at + candidate.length).toUpperCase() === candidate);
    parts.push(word === undefined ? { text: pattern[at]!, plain } : { word, text: word, plain });
    at += word?.length ?? 1;
    if (word !== undefined && /^(th|TH)/.test(pattern.slice(at))) {
      parts.push({ word: "TH", text: pattern.slice(at, at + 2), plain });
      at += 2;
    }
    if (word !== undefined) plain = false;
  }
  return parts;
}

/** A moment, in microseconds since 1970 (UTC), as text. */
export function formatMoment(micros: bigint, pattern: string): string {
  const moment = momentOf(micros);
  let last = 0;
  return splitPattern(pattern)
    .map((part) => {
      if (part.word === undefined) return part.text;
      if (part.word === "TH") return ordinal(last, part.text === "TH");
      const value = writeWord(part.word, moment);
      if (typeof value === "string") return part.plain ? value.trimEnd() : value;
      last = value.number;
      return part.plain ? String(value.number) : String(value.number).padStart(value.width, "0");
    })
    .join("");
}

interface Moment {
  readonly date: Date;
  readonly microsecond: number;
}

function momentOf(micros: bigint): Moment {
  const part = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return { date: new Date(Number((micros - part) / 1000n)), microsecond: Number(part) };
}

const number = (value: number, width: number) => ({ number: value, width });

function writeWord(word: string, { date, microsecond }: Moment): string | { number: number; width: number } {
  const year = date.getUTCFullYear();
  const hour = date.getUTCHours();
  switch (word) {
    case "YYYY":
    case "IYYY":
      return number(word === "IYYY" ? isoWeek(date).year : year, 4);
    case "Y,YYY":
      return `${Math.floor(year / 1000)},${String(year % 1000).padStart(3, "0")}`;
    case "IYY":
      return number(isoWeek(date).year % 1000, 3);
    case "IY":
      return number(isoWeek(date).year % 100, 2);
    case "I":
      return number(isoWeek(date).year % 10, 1);
    case "ID":
      return number(date.getUTCDay() || 7, 1);
    case "IDDD":
      return number((isoWeek(date).week - 1) * 7 + (date.getUTCDay() || 7), 3);
    case "OF":
      return "+00";
    case "AD":
    case "BC":
      return "AD";
    case "A.D.":
    case "B.C.":
      return "A.D.";
    case "YYY":
      return number(year % 1000, 3);
    case "YY":
      return number(year % 100, 2);
    case "Y":
      return number(year % 10, 1);
    case "CC":
      return number(Math.ceil(year / 100), 2);
    case "Q":
      return number(Math.floor(date.getUTCMonth() / 3) + 1, 1);
    case "MM":
      return number(date.getUTCMonth() + 1, 2);
    case "RM":
      return romanMonths[date.getUTCMonth()]!.padEnd(4);
    case "IW":
      return number(isoWeek(date).week, 2);
    case "WW":
      return number(Math.floor((dayOfYear(date) - 1) / 7) + 1, 2);
    case "W":
      return number(Math.floor((date.getUTCDate() - 1) / 7) + 1, 1);
    case "DDD":
      return number(dayOfYear(date), 3);
    case "DD":
      return number(date.getUTCDate(), 2);
    case "D":
      return number(date.getUTCDay() + 1, 1);
    case "J":
      return number(Math.floor(date.getTime() / 86_400_000) + 2_440_588, 1);
    case "HH24":
      return number(hour, 2);
    case "HH":
    case "HH12":
      return number(hour % 12 === 0 ? 12 : hour % 12, 2);
    case "MI":
      return number(date.getUTCMinutes(), 2);
    case "SS":
      return number(date.getUTCSeconds(), 2);
    case "SSSS":
      return number(hour * 3600 + date.getUTCMinutes() * 60 + date.getUTCSeconds(), 1);
    case "MS":
      return number(Math.floor(microsecond / 1000), 3);
    case "US":
      return number(microsecond, 6);
    case "TZ":
      return "UTC";
    case "tz":
      return "utc";
    default:
      return writeName(word, date, hour);
  }
}

function writeName(word: string, date: Date, hour: number): string {
  const upper = word.toUpperCase();
  if (upper === "AM" || upper === "PM" || upper === "A.M." || upper === "P.M.") {
    const half = hour < 12 ? "AM" : "PM";
    const text = upper.includes(".") ? `${half[0]}.${half[1]}.` : half;
    return word === upper ? text : text.toLowerCase();
  }
  const month = upper.startsWith("MON");
  const name = month ? monthNames[date.getUTCMonth()]! : dayNames[date.getUTCDay()]!;
  const short = upper === "MON" || upper === "DY" ? name.slice(0, 3) : name.padEnd(9);
  if (word === upper) return short.toUpperCase();
  return word === word.toLowerCase() ? short.toLowerCase() : short;
}

function ordinal(value: number, upper: boolean): string {
  const suffix = Math.floor((value % 100) / 10) === 1 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th");
  return upper ? suffix.toUpperCase() : suffix;
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

/**
 * Reads text by a pattern: microseconds since 1970 (UTC). What the text has no more of stays at its beginning. Values out of range go
 * on with the next day or month, or are an error when `strict`. Source: Database Developer Guide, r_TO_DATE_function, r_TO_TIMESTAMP.
 */
export function parseMoment(text: string, pattern: string, strict: boolean): bigint {
  const found: Found = { year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0, micros: 0, half: undefined };
  let at = 0;
  for (const part of splitPattern(pattern)) {
    if (at >= text.length) break;
    if (part.word === undefined) {
      at += part.text.length;
      continue;
    }
    while (text[at] === " ") at += 1;
    const read = readPart(part.word.toUpperCase(), text.slice(at), found);
    if (read === undefined) throw new Error(`ERROR: the format '${pattern}' does not match the date '${text}'`);
    at += read;
  }
  return microsOf(found, strict);
}

/** Reads what one word of a pattern stands for, and gives how many characters it took; `undefined` when the text is something else. */
function readPart(word: string, text: string, found: Found): number | undefined {
  const names = { MONTH: monthNames, MON: monthNames, DAY: dayNames, DY: dayNames }[word];
  if (names !== undefined) return readName(names, text, found);
  if (word === "AM" || word === "PM" || word === "A.M." || word === "P.M.") {
    found.half = text.slice(0, 1).toUpperCase() === "P" ? "pm" : "am";
    return word.length;
  }
  if (word === "TH") return 2;
  const field = fields[word];
  if (field === undefined) throw new Error(`ERROR: reading dates by ${word} is not built in the local Redshift`);
  let width = 0;
  while (width < field.width && text[width] !== undefined && text[width]! >= "0" && text[width]! <= "9") width += 1;
  if (width === 0) return undefined;
  field.put(found, text.slice(0, width));
  return width;
}

/** The longest form of a name that the text begins with. */
function readName(names: readonly string[], text: string, found: Found): number | undefined {
  const index = names.findIndex((name) => text.toLowerCase().startsWith(name.slice(0, 3).toLowerCase()));
  if (index < 0) return undefined;
  if (names === monthNames) found.month = index + 1;
  const name = names[index]!;
  return text.toLowerCase().startsWith(name.toLowerCase()) ? name.length : 3;
}

function microsOf(found: Found, strict: boolean): bigint {
  const hour = found.half === undefined ? found.hour : (found.hour % 12) + (found.half === "pm" ? 12 : 0);
  const date = new Date(0);
  date.setUTCFullYear(found.year, found.month - 1, found.day);
  if (strict && (date.getUTCMonth() !== found.month - 1 || date.getUTCDate() !== found.day))
    throw new Error(`ERROR: date/time field date value out of range: ${found.year}-${found.month}-${found.day}`);
  if (strict && (hour > 23 || found.minute > 59 || found.second > 59))
    throw new Error(`ERROR: date/time field time value out of range: ${hour}:${found.minute}:${found.second}.0`);
  const days = BigInt(Math.floor(date.getTime() / 86_400_000));
  const seconds = BigInt(hour * 3600 + found.minute * 60 + found.second);
  return days * dayMicros + seconds * 1_000_000n + BigInt(found.micros);
}

interface Found {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  micros: number;
  half: "am" | "pm" | undefined;
}

const fields: Readonly<Record<string, { width: number; put(found: Found, digits: string): void }>> = {
  YYYY: { width: 4, put: (found, digits) => void (found.year = Number(digits)) },
  YY: { width: 2, put: (found, digits) => void (found.year = Number(digits) + (Number(digits) < 70 ? 2000 : 1900)) },
  DDD: {
    width: 3,
    put(found, digits) {
      found.month = 1;
      found.day = Number(digits);
    },
  },
  MM: { width: 2, put: (found, digits) => void (found.month = Number(digits)) },
  DD: { width: 2, put: (found, digits) => void (found.day = Number(digits)) },
  HH24: { width: 2, put: (found, digits) => void (found.hour = Number(digits)) },
  HH12: { width: 2, put: (found, digits) => void (found.hour = Number(digits)) },
  HH: { width: 2, put: (found, digits) => void (found.hour = Number(digits)) },
  MI: { width: 2, put: (found, digits) => void (found.minute = Number(digits)) },
  SS: { width: 2, put: (found, digits) => void (found.second = Number(digits)) },
  MS: { width: 3, put: (found, digits) => void (found.micros = Number(digits.padEnd(3, "0")) * 1000) },
  US: { width: 6, put: (found, digits) => void (found.micros = Number(digits.padEnd(6, "0"))) },
};
