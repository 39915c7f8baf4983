/** A count with at most three significant digits, since the figures hold no more: `118,000`. */
export function formatCount(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US");
}
