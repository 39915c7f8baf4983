// Formatting: pure functions from a value to the text that stands on the page.

const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/**
 * A count with its thousands apart: `1,234,567`.
 * @param {number} value
 */
export function formatCount(value) {
  return grouped.format(value);
}

/**
 * A count in little space: `999`, `1.2k`, `3.4M`.
 * @param {number} value
 */
export function formatShort(value) {
  const units = /** @type {const} */ ([
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ]);
  for (const [size, unit] of units) {
    if (Math.abs(value) >= size)
      return `${trimZero((value / size).toFixed(Math.abs(value) < 10 * size ? 1 : 0))}${unit}`;
  }
  return grouped.format(value);
}

/**
 * Events per second: one decimal below 10, none above.
 * @param {number} perSecond
 */
export function formatRate(perSecond) {
  return perSecond > 0 && perSecond < 10 ? trimZero(perSecond.toFixed(1)) : formatCount(perSecond);
}

/**
 * A duration: `80 ms`, `1.4 s`, `12 s`, `3 min`, `2 h`, `4 d`.
 * @param {number} ms
 */
export function formatDuration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${trimZero(seconds.toFixed(1))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/**
 * How long ago something was: `now`, `4 s ago`, `3 min ago`. The future, which a clock that is ahead makes, is now.
 * @param {number} ms
 */
export function formatAgo(ms) {
  if (ms < 1000) return "now";
  return `${formatDuration(Math.floor(ms / 1000) * 1000)} ago`;
}

/**
 * A moment of the day where the reader is: `14:03:09.120`.
 * @param {number} epochMs
 */
export function formatClock(epochMs) {
  return clock.format(epochMs);
}

/**
 * Bytes in decimal units: `812 B`, `1.2 kB`, `203 MB`.
 * @param {number} bytes
 */
export function formatBytes(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 10 ? trimZero(value.toFixed(1)) : Math.round(value)} ${units[unit]}`;
}

/**
 * A share of a whole: `12%`, `<1%` for what is there but small, `0%` for nothing.
 * @param {number} part
 * @param {number} whole
 */
export function formatShare(part, whole) {
  if (whole === 0 || part === 0) return "0%";
  const percent = (100 * part) / whole;
  if (percent < 1) return "<1%";
  if (percent > 99 && percent < 100) return ">99%";
  return `${Math.round(percent)}%`;
}

/**
 * A number of things: `1 shard`, `4 shards`.
 * @param {number} count
 * @param {string} noun
 */
export function formatPlural(count, noun) {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * A name from SQL as words: `web_requests` is `Web requests`, `not-json` is `Not JSON`.
 * @param {string} name
 */
export function readable(name) {
  const words = name.replaceAll(/[-_]/g, " ").replace(/\bjson\b/, "JSON");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {string} text */
function trimZero(text) {
  return text.replace(/\.0+$/, "");
}
