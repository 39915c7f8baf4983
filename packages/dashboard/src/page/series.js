// The chart's window as the page holds it: snapshots replace it, changes replace single seconds of it.

/** @typedef {import("../feed/page-state.ts").SeriesTile} SeriesTile */

/**
 * @typedef {object} Series
 * @property {readonly string[]} names
 * @property {Map<number, readonly number[]>} seconds counts of each name, by epoch second
 * @property {number} through newest second that is complete
 */

/** @returns {Series} */
export function emptySeries() {
  return { names: [], seconds: new Map(), through: 0 };
}

/**
 * The series after a change. Seconds older than `windowSeconds` before `through` are dropped; counts of names that were not there
 * before are 0 in older seconds.
 * @param {Series} series
 * @param {SeriesTile} change
 * @param {number} windowSeconds
 * @returns {Series}
 */
export function mergeSeries(series, change, windowSeconds) {
  /** @type {Map<number, readonly number[]>} */
  const seconds = new Map();
  const oldest = change.through - windowSeconds - 10;
  if (!change.reset) {
    const places = change.names.map((name) => series.names.indexOf(name));
    for (const [second, counts] of series.seconds) {
      if (second >= oldest)
        seconds.set(
          second,
          places.map((place) => (place < 0 ? 0 : (counts[place] ?? 0))),
        );
    }
  }
  for (const [second = 0, ...counts] of change.seconds) if (second >= oldest) seconds.set(second, counts);
  return { names: change.names, seconds, through: change.through };
}

/**
 * Aligned columns for a stacked chart: the seconds from `through - windowSeconds` to `through` without gaps, then for each shown
 * name the sum of it and of all shown names after it, so the first is the height of the whole.
 * @param {Series} series
 * @param {number} windowSeconds
 * @param {ReadonlySet<string>} hidden
 * @returns {[number[], ...number[][]]}
 */
export function stackSeries(series, windowSeconds, hidden) {
  const { names, seconds, through } = series;
  const times = Array.from({ length: windowSeconds + 6 }, (_, index) => through - windowSeconds - 5 + index);
  const columns = names.map(() => new Array(times.length).fill(0));
  times.forEach((second, row) => {
    const counts = seconds.get(second);
    let sum = 0;
    for (let place = names.length - 1; place >= 0; place -= 1) {
      if (!hidden.has(names[place] ?? "")) sum += counts?.[place] ?? 0;
      const column = columns[place];
      if (column !== undefined) column[row] = sum;
    }
  });
  return [times, ...columns];
}

/**
 * Events per second of each name over the last `overSeconds` complete seconds.
 * @param {Series} series
 * @param {number} overSeconds
 */
export function recentRates(series, overSeconds) {
  return series.names.map((_, place) => {
    let events = 0;
    for (let back = 0; back < overSeconds; back += 1) events += series.seconds.get(series.through - back)?.[place] ?? 0;
    return events / overSeconds;
  });
}

/**
 * The end of a scale that holds `value` with room to spare: 1, 2, 2.5 or 5 times a power of ten, at least 4.
 * @param {number} value
 */
export function niceCeiling(value) {
  const target = Math.max(4, value * 1.08);
  const power = 10 ** Math.floor(Math.log10(target));
  for (const step of [1, 1.5, 2, 3, 4, 5, 6, 8, 10]) if (step * power >= target) return step * power;
  return 10 * power;
}
