import { arch, cpus, platform, totalmem } from "node:os";

/** One measured figure beside the floor or peer of the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the same machine does at best for the same work, measured in the same run. */
  readonly floor?: { readonly name: string; readonly value: number };
  /** What the figure leaves out, or how it was taken. */
  readonly note?: string;
}

/** The machine a figure belongs to. */
export function describeMachine(): {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly system: string;
} {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    system: `${platform()} ${arch()}`,
  };
}

/** The value below which `share` (0 to 1) of the sorted-in-place values lie. */
export function percentile(values: number[], share: number): number {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
