import { findTimeZone, toUtc, type TimeZone } from "./time-zone.ts";

/** Reads dates and times in every form that a literal may have. Source: Database Developer Guide, r_Date_and_time_literals, r_Datetime_types. */

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const daySeconds = 86_400n;
const million = 1_000_000n;

/** What a literal says: the date in days since 1970, the time of day in microseconds, the zone. */
export interface ReadMoment {
  readonly days: bigint;
  readonly micros: bigint;
  readonly zone: TimeZone | undefined;
}

interface Found {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  micros?: bigint;
  half?: "am" | "pm";
  zone?: TimeZone;
}

/** The types that a text is read as, with their words in errors. */
export type MomentKind = "date" | "time" | "timetz" | "timestamp" | "timestamptz";

const shownKinds: Readonly<Record<MomentKind, string>> = {
  date: "date",
  time: "time",
  timetz: "time with time zone",
  timestamp: "timestamp",
  timestamptz: "timestamp with time zone",
};

/**
 * Reads text as a value of `kind`: microseconds since 1970 in UTC for `timestamptz`, without regard to a zone for `timestamp` and
 * `date`, and since midnight for times. Throws Redshift's errors. `nowMillis` is what `now` and `today` stand for.
 */
export function readMoment(text: string, kind: MomentKind, nowMillis = Date.now()): bigint {
  const found = read(text, kind, nowMillis);
  const atMidnight = found.days * daySeconds * million;
  switch (kind) {
    case "date":
      return atMidnight;
    case "time":
      return found.micros;
    case "timetz": {
      const utc = found.zone === undefined ? found.micros : toUtc(found.zone, atMidnight + found.micros);
      return ((utc % (daySeconds * million)) + daySeconds * million) % (daySeconds * million);
    }
    case "timestamp":
      return atMidnight + found.micros;
    case "timestamptz":
      return found.zone === undefined ? atMidnight + found.micros : toUtc(found.zone, atMidnight + found.micros);
  }
}

/** A time of day in microseconds, and how far its zone is ahead of UTC. */
export interface ZonedTime {
  readonly localMicros: bigint;
  readonly offsetSeconds: number;
}

/** What a literal of TIMETZ says, without turning it into UTC; a zone that is not written is UTC. Throws Redshift's errors. */
export function readZonedTime(text: string): ZonedTime {
  const { days, micros, zone } = read(text, "timetz", Date.now());
  const local = days * daySeconds * million + micros;
  const ahead = zone === undefined ? 0n : local - toUtc(zone, local);
  return { localMicros: micros, offsetSeconds: Number(ahead / million) };
}

function read(text: string, kind: MomentKind, nowMillis: number): ReadMoment {
  const special = readSpecial(text.trim().toLowerCase(), nowMillis);
  if (special !== undefined) return special;
  const found: Found = {};
  const words = text.trim().split(/[\s,]+/);
  if (words[0] === "") throw invalid(text, kind);
  for (const word of words) if (!readWord(word, found)) throw invalid(text, kind);
  const isTime = kind === "time" || kind === "timetz";
  if (found.micros === undefined && isTime && found.dayOfYear === undefined && found.month === undefined)
    throw invalid(text, kind);
  return { days: daysOf(found, text, kind), micros: microsOf(found, text), zone: found.zone };
}

function readSpecial(word: string, nowMillis: number): ReadMoment | undefined {
  const today = BigInt(Math.floor(nowMillis / 86_400_000));
  const at = (days: bigint, micros = 0n): ReadMoment => ({ days, micros, zone: undefined });
  switch (word) {
    case "now":
      return at(today, BigInt(nowMillis % 86_400_000) * 1000n);
    case "today":
      return at(today);
    case "tomorrow":
      return at(today + 1n);
    case "yesterday":
      return at(today - 1n);
    case "epoch":
      return at(0n);
  }
  return undefined;
}

/** Reads one word; `false` when it is nothing that could stand there. */
function readWord(word: string, found: Found): boolean {
  const joined = /^(\d{4}-?\d{2}-?\d{2})t(.+)$/i.exec(word);
  if (joined !== null) return readWord(joined[1]!, found) && readWord(joined[2]!, found);
  if (word.includes(":")) return readTime(word, found);
  if (/^(am|pm)$/i.test(word) && found.micros !== undefined) {
    found.half = word.toLowerCase() as "am" | "pm";
    return true;
  }
  if (/^[+-]/.test(word) && found.micros !== undefined) return readZone(word, found);
  if (/^\d+$/.test(word)) return readDigits(word, found);
  if (/^\d+\.\d+$/.test(word) && word.length === 8 && word[4] === ".") {
    found.year = Number(word.slice(0, 4));
    found.dayOfYear = Number(word.slice(5));
    return true;
  }
  if (/^\d{6}\.\d+$/.test(word) && hasDate(found)) return readTime(clock(word), found);
  if (/\d/.test(word) && /^[\da-z]+([-/.][\da-z]+)+$/i.test(word) && !hasDate(found)) return readParts(word, found);
  if (/^[a-z]/i.test(word)) return readName(word, found);
  return false;
}

const hasDate = (found: Found) => found.day !== undefined || found.dayOfYear !== undefined;
const clock = (digits: string) => `${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4)}`;

function readTime(word: string, found: Found): boolean {
  const parts = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d*)?)?(am|pm)?([a-z+-].*)?$/i.exec(word);
  if (parts === null || found.micros !== undefined) return false;
  const [, hour, minute, seconds = "0", fraction = ".0", half, zone] = parts;
  const micros = BigInt(Math.round(Number(`0${fraction}`) * 1e6));
  found.micros = (BigInt(hour!) * 3600n + BigInt(minute!) * 60n + BigInt(seconds)) * million + micros;
  if (Number(hour) > 24 || Number(minute) > 59 || Number(seconds) > 60 || found.micros > daySeconds * million)
    found.micros = -1n;
  if (half !== undefined) found.half = half.toLowerCase() as "am" | "pm";
  return zone === undefined || readZone(zone, found);
}

function readZone(word: string, found: Found): boolean {
  try {
    found.zone = findTimeZone(word);
    return true;
  } catch {
    return false;
  }
}

/** `20080215`, `080215`, `040506` after a date, a day or a year after a month. */
function readDigits(word: string, found: Found): boolean {
  if (word.length === 14) return readDigits(word.slice(0, 8), found) && readTime(clock(word.slice(8)), found);
  if (word.length === 8 && !hasDate(found)) return putDate(found, word.slice(0, 4), word.slice(4, 6), word.slice(6));
  if (word.length === 6 && hasDate(found)) return readTime(clock(word), found);
  if (word.length === 6) return putDate(found, word.slice(0, 2), word.slice(2, 4), word.slice(4));
  if (word.length === 4 && hasDate(found) && found.year !== undefined)
    return readTime(`${word.slice(0, 2)}:${word.slice(2)}`, found);
  if (word.length >= 3) {
    found.year = Number(word);
    return true;
  }
  if (found.day === undefined) found.day = Number(word);
  else if (found.year === undefined) found.year = longYear(word);
  else return false;
  return true;
}

function putDate(found: Found, year: string, month: string, day: string): boolean {
  found.year = longYear(year);
  found.month = Number(month);
  found.day = Number(day);
  return true;
}

const longYear = (year: string) => (year.length > 2 ? Number(year) : Number(year) + (Number(year) < 70 ? 2000 : 1900));

/** Three parts with `-`, `/` or `.` between: the month first unless a year or a name says otherwise, the day first with dots. */
function readParts(word: string, found: Found): boolean {
  const parts = word.split(/[-/.]/);
  const named = parts.findIndex((part) => monthOf(part) !== undefined);
  const [a = "", b = "", c = ""] = parts;
  if (parts.length !== 3) return false;
  if (named >= 0) {
    const rest = parts.filter((_, index) => index !== named);
    if (rest.some((part) => !/^\d+$/.test(part))) return false;
    found.month = monthOf(parts[named]!)!;
    const [year, day] = rest[0]!.length > 2 ? [rest[0]!, rest[1]!] : [rest[1]!, rest[0]!];
    found.year = longYear(year);
    found.day = Number(day);
    return true;
  }
  if (parts.some((part) => !/^\d+$/.test(part))) return false;
  if (a.length > 2) return putDate(found, a, b, c);
  if (word.includes(".")) return putDate(found, c, b, a);
  return putDate(found, c, a, b);
}

function monthOf(word: string): number | undefined {
  const index = /^[a-z]{3,}$/i.test(word) ? months.indexOf(word.slice(0, 3).toLowerCase()) : -1;
  return index < 0 ? undefined : index + 1;
}

function readName(word: string, found: Found): boolean {
  const month = monthOf(word);
  if (month !== undefined && found.month === undefined) {
    found.month = month;
    return true;
  }
  if (/^[a-z]+$/i.test(word) && weekdays.includes(word.slice(0, 3).toLowerCase()) && found.micros === undefined)
    return true;
  return found.micros !== undefined && readZone(word, found);
}

function daysOf(found: Found, text: string, kind: MomentKind): bigint {
  if (!hasDate(found) && found.month === undefined && found.year === undefined) {
    if (kind === "time" || kind === "timetz") return 0n;
    throw invalid(text, kind);
  }
  const { year, month = 1, day = found.dayOfYear ?? 1 } = found;
  if (year === undefined || (found.dayOfYear === undefined && (found.month === undefined || found.day === undefined)))
    throw invalid(text, kind);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const fits =
    found.dayOfYear === undefined ? date.getUTCMonth() === month - 1 && day >= 1 : date.getUTCFullYear() === year;
  if (!fits || year < 1) throw outOfRange(text);
  return BigInt(date.getTime() / 86_400_000);
}

function microsOf(found: Found, text: string): bigint {
  const micros = found.micros ?? 0n;
  if (micros < 0n) throw outOfRange(text);
  if (found.half === undefined) return micros;
  const hour = 3600n * million;
  if (micros < hour || micros >= 13n * hour) throw outOfRange(text);
  return (micros % (12n * hour)) + (found.half === "pm" ? 12n * hour : 0n);
}

const outOfRange = (text: string) => new Error(`ERROR: date/time field value out of range: "${text}"`);
const invalid = (text: string, kind: MomentKind) =>
  new Error(`ERROR: invalid input syntax for type ${shownKinds[kind]}: "${text}"`);
