import { quoteLiteral } from "./placeholders.ts";

const year = "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])";
const leapYear = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)";
const monthAndDay = [
  "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])",
  "(0[469]|11)-(0[1-9]|[12][0-9]|30)",
  "02-(0[1-9]|1[0-9]|2[0-8])",
].join("|");
const time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?";
const zone = "(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))";

/**
 * What an event's time looks like, as a POSIX pattern that Redshift, PostgreSQL, RE2 and JavaScript read alike (no backslashes): `isEventTime` of
 * @millrace/events as one expression. It admits only dates that exist, since a cast of any other text to a time would fail the whole query.
 */
export const eventTimePattern = `^(${year}-(${monthAndDay})|${leapYear}-02-29)T${time}${zone}$`;

/**
 * SQL that is true for a text of that form. Line breaks are excluded by themselves: Redshift's guide says that `^` and `$` match at lines, and does
 * not say that they match nowhere else.
 */
function isEventTimeText(text: string): string {
  return `(${text} ~ ${quoteLiteral(eventTimePattern)} AND STRPOS(${text}, CHR(10)) = 0)`;
}

/** `2026-11-21T10:00:00.123456`: seconds and as many digits of a fraction as TIMESTAMP holds. */
const timestampLength = 26;

/**
 * SQL of an event's time as TIMESTAMP in UTC: NULL for a text of another form, microseconds for a longer fraction (cut, not rounded). A cast straight
 * to TIMESTAMP would drop the zone. The guard is a part of it because a reader's own
 * condition on the column may be evaluated before the view's.
 */
export function toTimestamp(text: string): string {
  const cut = (zoneLength: number) => `LEFT(LEFT(${text}, LEN(${text}) - ${zoneLength}), ${timestampLength})`;
  const withZone = [`WHEN RIGHT(${text}, 1) = 'Z' THEN ${cut(1)} || 'Z'`, `ELSE ${cut(6)} || RIGHT(${text}, 6)`].join(
    " ",
  );
  return `CASE WHEN ${isEventTimeText(text)} THEN (CASE ${withZone} END)::TIMESTAMPTZ AT TIME ZONE 'UTC' END`;
}
