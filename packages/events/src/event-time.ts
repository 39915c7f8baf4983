const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const zero = 48;
const dash = 45;
const plus = 43;
const colon = 58;
const dot = 46;
const capitalT = 84;
const capitalZ = 90;

/** Length of `2026-11-21T10:00:00`, what stands before fraction and zone. */
const secondsEnd = 19;
const maxFractionDigits = 9;
/** No zone in use is further from UTC than this (Line Islands, +14:00). */
const maxZoneMinutes = 14 * 60;

/**
 * Tells whether a string is an ISO 8601 date and time with a zone, and a date that exists:
 * `YYYY-MM-DDTHH:MM:SS`, an optional fraction of 1 to 9 digits, then `Z` or `+HH:MM` / `-HH:MM` (14 hours at most).
 * Years run from 0001 to 9999. Leap seconds (`:60`) and the hour 24 are refused, as `Date` refuses them.
 */
export function isEventTime(value: string): boolean {
  if (value.length <= secondsEnd || value.charCodeAt(4) !== dash || value.charCodeAt(7) !== dash) return false;
  if (value.charCodeAt(10) !== capitalT || value.charCodeAt(13) !== colon || value.charCodeAt(16) !== colon)
    return false;
  const year = twoDigits(value, 0) * 100 + twoDigits(value, 2);
  const month = twoDigits(value, 5);
  const day = twoDigits(value, 8);
  // NaN, what is no digit, fails each of these comparisons.
  return (
    year >= 1 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= lastDay(year, month) &&
    twoDigits(value, 11) <= 23 &&
    twoDigits(value, 14) <= 59 &&
    twoDigits(value, 17) <= 59 &&
    isZone(value, fractionEnd(value))
  );
}

function twoDigits(value: string, at: number): number {
  const tens = value.charCodeAt(at) - zero;
  const units = value.charCodeAt(at + 1) - zero;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN;
}

function lastDay(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeap ? 29 : (daysInMonth[month - 1] ?? 0);
}

/** Where the zone starts; the length of the string, where no zone can be, when the fraction is wrong. */
function fractionEnd(value: string): number {
  if (value.charCodeAt(secondsEnd) !== dot) return secondsEnd;
  let end = secondsEnd + 1;
  while (value.charCodeAt(end) >= zero && value.charCodeAt(end) <= zero + 9) end++;
  const digits = end - secondsEnd - 1;
  return digits >= 1 && digits <= maxFractionDigits ? end : value.length;
}

function isZone(value: string, at: number): boolean {
  const sign = value.charCodeAt(at);
  if (sign === capitalZ) return value.length === at + 1;
  if ((sign !== plus && sign !== dash) || value.length !== at + 6 || value.charCodeAt(at + 3) !== colon) return false;
  const minutes = twoDigits(value, at + 4);
  return minutes <= 59 && twoDigits(value, at + 1) * 60 + minutes <= maxZoneMinutes;
}
