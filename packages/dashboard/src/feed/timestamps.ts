/** A time as SQL reads it, in UTC to the millisecond: `2026-01-02 03:04:05.678`. */
export function toTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("T", " ").replace("Z", "");
}

/** Epoch milliseconds of a timestamp without zone as the Data API writes it (`2026-01-02 03:04:05.6`, UTC); NaN for anything else. */
export function fromTimestamp(text: unknown): number {
  return typeof text === "string" ? Date.parse(`${text.trim().replace(" ", "T")}Z`) : NaN;
}
