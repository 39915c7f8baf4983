import { quoteText, type Bound } from "./bound.ts";
import { coerce } from "./cast.ts";
import { readConstant } from "./raise.ts";
import { types } from "./sql-type.ts";
import { findTimeZone } from "./values/time-zone.ts";

/** `x AT TIME ZONE zone`: a timestamp of the zone as TIMESTAMPTZ, and a TIMESTAMPTZ as a timestamp of the zone. */
export function atTimeZone(moment: Bound, zone: Bound): Bound {
  if (moment.type.name === "timestamptz")
    return { sql: fromUtc(`timezone('UTC', ${moment.sql})`, zone), type: types.timestamp };
  return { sql: `timezone('UTC', ${toUtc(coerce(moment, types.timestamp).sql, zone)})`, type: types.timestamptz };
}

/** A TIMESTAMP that a zone's clock shows, as one of UTC. DuckDB knows names of zones; abbreviations have daylight saving there. */
export function toUtc(timestamp: string, zone: Bound): string {
  return shift(timestamp, zone, "to");
}

/** A TIMESTAMP in UTC as a zone's clock shows it. */
export function fromUtc(timestamp: string, zone: Bound): string {
  return shift(timestamp, zone, "from");
}

function shift(timestamp: string, zone: Bound, way: "to" | "from"): string {
  const { constant } = zone;
  if (constant == null)
    return `make_timestamp(millrace_zone_${way}_utc(${coerce(zone, types.text).sql}, epoch_us(${timestamp})))`;
  const found = readConstant(() => findTimeZone(constant), "22023");
  if ("offsetSeconds" in found)
    return `(${timestamp} + to_seconds(${way === "from" ? found.offsetSeconds : -found.offsetSeconds}))`;
  const [first, second] = way === "from" ? ["UTC", found.name] : [found.name, "UTC"];
  return `timezone(${quoteText(second)}, timezone(${quoteText(first)}, ${timestamp}))`;
}
