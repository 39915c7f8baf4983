import { readFileSync } from "node:fs";

/** Resident memory of a process, in MB (10^6 bytes). */
export interface Memory {
  /** Its own: heap, buffers, stacks. */
  readonly anonymous: number;
  /** Pages of files that are mapped: the log on disk, and the program itself. The kernel takes them back when it needs them. */
  readonly mapped: number;
}

/** Clock ticks of `/proc`, the same on every Linux that Node supports. */
const TICKS_PER_SECOND = 100;

/** What a process holds at this moment; `undefined` where there is no `/proc`. */
export function memoryOf(pid: number): Memory | undefined {
  const text = readProc(`/proc/${pid}/smaps_rollup`);
  if (text === undefined) return undefined;
  const megabytes = (name: string): number =>
    (Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(text)?.[1] ?? NaN) * 1024) / 1e6;
  const anonymous = megabytes("Anonymous");
  return { anonymous, mapped: megabytes("Rss") - anonymous };
}

/** Seconds of CPU that a process has used; `undefined` where there is no `/proc`. */
export function cpuSecondsOf(pid: number): number | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  // The second field is the name in brackets, which may hold spaces: count from behind it. Fields 14 and 15 are user and system time.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields && (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
