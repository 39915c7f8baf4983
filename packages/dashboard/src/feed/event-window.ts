/** Events of one name that arrived in one second. */
export interface SecondCount {
  readonly name: string;
  /** Epoch seconds. */
  readonly second: number;
  readonly events: number;
}

/** What the chart shows: per second, one count for each of `names`. */
export interface WindowSlice {
  readonly names: readonly string[];
  /** `[epoch second, count of names[0], …]`, ascending, without the seconds in which nothing arrived. */
  readonly seconds: readonly (readonly number[])[];
}

/** The moving window of events per second, which new rows are added to. */
export interface EventWindow {
  /** Adds counts to what is there; seconds before the window are ignored. */
  add(counts: readonly SecondCount[]): void;
  /** Forgets what is older than `lengthSeconds` before `nowSecond`. */
  trim(nowSecond: number): void;
  clear(): void;
  /** The newest second in which something arrived. */
  readonly newest: number | undefined;
  /** All of the window, or only the given seconds of it. */
  slice(seconds?: ReadonlySet<number>): WindowSlice;
  /** Events in the seconds from `from` up to and without `to`. */
  sum(from: number, to: number): number;
}

/**
 * A window of `lengthSeconds`. Names keep the order of `knownNames`, then that of their first appearance, so that a colour stays
 * with its name.
 */
export function createEventWindow(options: {
  readonly lengthSeconds: number;
  readonly knownNames?: readonly string[];
}): EventWindow {
  const { lengthSeconds, knownNames = [] } = options;
  const seconds = new Map<number, Map<string, number>>();
  const names: string[] = [];
  let oldest = -Infinity;

  return {
    add(counts) {
      for (const { name, second, events } of counts) {
        if (second < oldest) continue;
        if (!names.includes(name)) insertName(names, name, knownNames);
        let row = seconds.get(second);
        if (row === undefined) seconds.set(second, (row = new Map()));
        row.set(name, (row.get(name) ?? 0) + events);
      }
    },
    trim(nowSecond) {
      oldest = nowSecond - lengthSeconds;
      for (const second of seconds.keys()) if (second < oldest) seconds.delete(second);
    },
    clear() {
      seconds.clear();
      names.length = 0;
    },
    get newest() {
      return seconds.size === 0 ? undefined : Math.max(...seconds.keys());
    },
    slice(only) {
      const wanted = [...seconds.keys()].filter((second) => only === undefined || only.has(second));
      return {
        names: [...names],
        seconds: wanted
          .toSorted((a, b) => a - b)
          .map((second) => [second, ...names.map((name) => seconds.get(second)?.get(name) ?? 0)]),
      };
    },
    sum(from, to) {
      let events = 0;
      for (const [second, row] of seconds) {
        if (second >= from && second < to) for (const count of row.values()) events += count;
      }
      return events;
    },
  };
}

function insertName(names: string[], name: string, knownNames: readonly string[]): void {
  const rank = (value: string): number => {
    const index = knownNames.indexOf(value);
    return index < 0 ? knownNames.length : index;
  };
  const place = names.findIndex((existing) => rank(existing) > rank(name));
  names.splice(place < 0 ? names.length : place, 0, name);
}
