/** Reads the text of interval literals. Source: Database Developer Guide, r_interval_literals. */

/** An interval as PostgreSQL keeps it. */
export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly micros: number;
}

const second = 1_000_000;
const day = 86_400 * second;

/** What one of each unit is; fractions of months go on as days of 30, fractions of days as time. */
const units: Readonly<Record<string, { readonly months?: number; readonly days?: number; readonly micros?: number }>> =
  Object.fromEntries(
    (
      [
        ["millennium millennia mil mils", { months: 12_000 }],
        ["century centuries c cent cents", { months: 1200 }],
        ["decade decades dec decs", { months: 120 }],
        ["year years y yr yrs", { months: 12 }],
        ["quarter quarters qtr qtrs", { months: 3 }],
        ["month months mon mons", { months: 1 }],
        ["week weeks w", { days: 7 }],
        ["day days d", { days: 1 }],
        ["hour hours h hr hrs", { micros: 3600 * second }],
        ["minute minutes m min mins", { micros: 60 * second }],
        ["second seconds s sec secs", { micros: second }],
        ["millisecond milliseconds ms msec msecs msecond mseconds", { micros: 1000 }],
        ["microsecond microseconds us usec usecs usecond useconds", { micros: 1 }],
      ] as const
    ).flatMap(([names, unit]) => names.split(" ").map((name) => [name, unit] as const)),
  );

/** `1-2`, `04:05:06`, numbers, words, and anything else but blanks and commas, which then is an error. */
const pieces = /[+-]?\d+-\d+|[+-]?\d+:\d+(?::\d+)?(?:\.\d+)?|[+-]?(?:\d+\.?\d*|\.\d+)|[a-z]+|[^\s,]/gi;

/**
 * Reads `7 days, 3 hours`, `1w, 1h`, `0.5 days`, `1-2` (years and months), `3 04:05:06` (days and time), or a number of `unit`, which
 * is seconds by default. Throws `invalid input syntax for type interval: "x"`.
 */
export function readInterval(text: string, unit = "second"): Interval {
  const invalid = () => new Error(`ERROR: invalid input syntax for type interval: "${text}"`);
  const words = [...text.matchAll(pieces)].map(([word]) => word);
  const isAgo = words.at(-1)?.toLowerCase() === "ago";
  if (isAgo) words.pop();
  if (words.length === 0) throw invalid();
  let sum: Interval = { months: 0, days: 0, micros: 0 };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const next = words[at + 1]?.toLowerCase();
    const yearMonth = /^([+-]?)(\d+)-(\d+)$/.exec(word);
    const time = /^([+-]?)(\d+):(\d+)(?::(\d+))?(\.\d+)?$/.exec(word);
    if (yearMonth !== null) {
      const months = Number(yearMonth[2]) * 12 + Number(yearMonth[3]);
      sum = add(sum, { months: yearMonth[1] === "-" ? -months : months, days: 0, micros: 0 });
    } else if (time !== null) {
      const [first, next, last, fraction] = [time[2], time[3], time[4], time[5]].map((part) =>
        Number(part ?? 0),
      ) as Four;
      // Two parts are hours and minutes, unless MINUTE TO SECOND or a fraction says that they are minutes and seconds.
      const isMinutes = time[4] === undefined && (unit === "minute" || time[5] !== undefined);
      const seconds = (isMinutes ? first * 60 + next : first * 3600 + next * 60 + last) + fraction;
      sum = add(sum, { months: 0, days: 0, micros: Math.round(seconds * second) * (time[1] === "-" ? -1 : 1) });
    } else if (Number.isFinite(Number(word))) {
      const isUnit = next !== undefined && units[next] !== undefined;
      const isDays = next !== undefined && next.includes(":");
      sum = add(sum, times(units[isUnit ? next : isDays ? "day" : unit]!, Number(word)));
      if (isUnit) at += 1;
    } else throw invalid();
  }
  return isAgo ? scale(sum, -1) : sum;
}

type Four = [number, number, number, number];

const add = (a: Interval, b: Interval): Interval => ({
  months: a.months + b.months,
  days: a.days + b.days,
  micros: a.micros + b.micros,
});

const scale = (a: Interval, factor: number): Interval => ({
  months: a.months * factor,
  days: a.days * factor,
  micros: a.micros * factor,
});

function times(
  unit: { readonly months?: number; readonly days?: number; readonly micros?: number },
  count: number,
): Interval {
  const months = (unit.months ?? 0) * count;
  const days = (unit.days ?? 0) * count + (months - Math.trunc(months)) * 30;
  const micros = (unit.micros ?? 0) * count + (days - Math.trunc(days)) * day;
  return { months: Math.trunc(months), days: Math.trunc(days), micros: Math.round(micros) };
}

/** PostgreSQL 8's way to show an interval: `1 year 2 mons 3 days 04:05:06` (UNCONFIRMED for results of the Data API). */
export function showInterval({ months, days, micros }: Interval): string {
  const parts: string[] = [];
  const put = (count: number, word: string) => {
    if (count !== 0) parts.push(`${count} ${word}${count === 1 ? "" : "s"}`);
  };
  put(Math.trunc(months / 12), "year");
  put(months % 12, "mon");
  put(days, "day");
  if (micros !== 0 || parts.length === 0) parts.push(showTime(micros));
  return parts.join(" ");
}

function showTime(micros: number): string {
  const whole = Math.abs(micros);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const fraction =
    whole % second === 0
      ? ""
      : `.${String(whole % second)
          .padStart(6, "0")
          .replace(/0+$/, "")}`;
  const time = `${two(whole / (3600 * second))}:${two((whole / (60 * second)) % 60)}:${two((whole / second) % 60)}`;
  return `${micros < 0 ? "-" : ""}${time}${fraction}`;
}
