import type { Properties } from "../pulumi/property-values.ts";

/**
 * The inputs that were asked for, with what the service has in their place. Lists that hold the same things in another order
 * stay as they were, and of configuration parameters only those asked for are looked at.
 */
export function alignInputs(wanted: Properties, actual: Properties): Properties {
  return Object.fromEntries(
    Object.entries(wanted).map(([key, value]) => [key, key in actual ? align(value, actual[key]) : value]),
  );
}

function align(wanted: unknown, actual: unknown): unknown {
  if (!Array.isArray(wanted) || !Array.isArray(actual)) return actual;
  const parameterKeys = wanted.map((item: unknown) => (item as { parameterKey?: string } | null)?.parameterKey);
  const relevant = parameterKeys.every((key) => key !== undefined)
    ? actual.filter((item: unknown) => parameterKeys.includes((item as { parameterKey: string }).parameterKey))
    : actual;
  const texts = (list: readonly unknown[]) => list.map((item) => JSON.stringify(sortKeys(item))).sort();
  return JSON.stringify(texts(wanted)) === JSON.stringify(texts(relevant)) ? wanted : relevant;
}

function sortKeys(item: unknown): unknown {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
  return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
}
