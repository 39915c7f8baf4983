/** Comparison of two SUPER values by their JSON. Source: Database Developer Guide, query-super. */

/** `=`: NULL next to JSON null, false across types, deep for objects and arrays; strings without their trailing blanks. */
export function superEqual(left: string, right: string): boolean | null {
  const [a, b] = [JSON.parse(left) as unknown, JSON.parse(right) as unknown];
  return a === null || b === null ? null : isSame(a, b);
}

/** Below, at or above 0 as in a sort; NULL across types and for what has no order. */
export function superOrder(left: string, right: string): number | null {
  const [a, b] = [JSON.parse(left) as unknown, JSON.parse(right) as unknown];
  if (typeof a === "number" && typeof b === "number") return Math.sign(a - b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (typeof a !== "string" || typeof b !== "string") return null;
  return Buffer.compare(Buffer.from(trimmed(a)), Buffer.from(trimmed(b)));
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === "string" && typeof b === "string") return trimmed(a) === trimmed(b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === " ") end -= 1;
  return text.slice(0, end);
}
