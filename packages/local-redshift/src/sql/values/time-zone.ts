/**
 * Time zones as Redshift takes them: names, which know of daylight saving; abbreviations, which are fixed; POSIX forms such as `EST5`,
 * whose offsets count to the west. Source: Database Developer Guide, CONVERT_TIMEZONE.
 */

/** Offsets of abbreviations in hours east of Greenwich. Where several zones share one, PostgreSQL 8's choice. */
const abbreviations: Readonly<Record<string, number>> = {
  acdt: 10.5,
  acst: 9.5,
  adt: -3,
  aedt: 11,
  aest: 10,
  akdt: -8,
  akst: -9,
  ast: -4,
  awst: 8,
  bst: 1,
  cdt: -5,
  cest: 2,
  cet: 1,
  cst: -6,
  edt: -4,
  eest: 3,
  eet: 2,
  est: -5,
  gmt: 0,
  hkt: 8,
  hst: -10,
  ist: 2,
  jst: 9,
  kst: 9,
  mdt: -6,
  msk: 3,
  mst: -7,
  nzdt: 13,
  nzst: 12,
  pdt: -7,
  pkt: 5,
  pst: -8,
  sgt: 8,
  utc: 0,
  west: 1,
  wet: 0,
  z: 0,
  zulu: 0,
};

/** A zone with one offset, in seconds east of Greenwich, or a name that daylight saving may apply to. */
export type TimeZone = { readonly offsetSeconds: number } | { readonly name: string };

/** The zone that a text names. Throws `time zone "x" not recognized`. */
export function findTimeZone(text: string): TimeZone {
  const written = text.trim();
  const fixed = abbreviations[written.toLowerCase()];
  if (fixed !== undefined) return { offsetSeconds: fixed * 3600 };
  const offset = /^([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(written);
  if (offset !== null) return { offsetSeconds: secondsOf(offset[1], offset[2], offset[3]) };
  const name = knownName(written);
  if (name !== undefined) return { name };
  const posix = /^[A-Za-z_/]+ ?([+-]?)(\d{1,2})(?::(\d{2}))?$/.exec(written);
  if (posix !== null) return { offsetSeconds: -secondsOf(posix[1], posix[2], posix[3]) };
  throw new Error(`ERROR: time zone "${text}" not recognized`);
}

function secondsOf(sign: string | undefined, hours: string | undefined, minutes: string | undefined): number {
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes ?? 0) * 60);
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(name)) formats.set(name, makeFormat(name));
  return formats.get(name);
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const part = "numeric";
  try {
    const options = { year: part, month: part, day: part, hour: part, minute: part, second: part } as const;
    return new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", era: "short", ...options });
  } catch {
    return undefined;
  }
}

/** Names of the database of zones hold a slash or are one of a few old ones; offsets are not names. */
function knownName(text: string): string | undefined {
  if (!/^[A-Za-z]/.test(text) || formatOf(text) === undefined) return undefined;
  return text;
}

const second = 1_000_000n;

/** The offset of a zone at a moment in UTC. */
function offsetAt(zone: TimeZone, utcMicros: bigint): number {
  if ("offsetSeconds" in zone) return zone.offsetSeconds;
  const millis = Number(utcMicros / 1000n);
  const parts = Object.fromEntries(
    formatOf(zone.name)!
      .formatToParts(new Date(millis))
      .map((part) => [part.type, part.value]),
  );
  const { year, month, day, hour, minute, second: seconds } = parts as Record<string, string>;
  const local = new Date(0);
  local.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  local.setUTCHours(Number(hour), Number(minute), Number(seconds));
  return Math.round((local.getTime() - Math.floor(millis / 1000) * 1000) / 1000);
}

/** Microseconds on the clock of a zone, for a moment in UTC. */
export function fromUtc(zone: TimeZone, utcMicros: bigint): bigint {
  return utcMicros + BigInt(offsetAt(zone, utcMicros)) * second;
}

/** The moment in UTC when a zone's clock shows these microseconds. */
export function toUtc(zone: TimeZone, localMicros: bigint): bigint {
  const guess = localMicros - BigInt(offsetAt(zone, localMicros)) * second;
  return localMicros - BigInt(offsetAt(zone, guess)) * second;
}
