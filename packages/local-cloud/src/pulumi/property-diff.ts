import { isDeepStrictEqual } from "node:util";

/** How one property differs. */
export interface PropertyChange {
  /** Path in Pulumi's form: `tags.stage`, `subnetIds[0]`, `values["a.b"]`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

/** The differences between two values, one for each leaf that is not the same; an absent value, `undefined` and null are equal. */
export function diffProperties(from: unknown, to: unknown, path = ""): readonly PropertyChange[] {
  if (isDeepStrictEqual(from ?? null, to ?? null)) return [];
  if (from === undefined || from === null) return [{ path, kind: "add" }];
  if (to === undefined || to === null) return [{ path, kind: "delete" }];
  if (typeof from !== "object" || typeof to !== "object" || Array.isArray(from) !== Array.isArray(to)) {
    return [{ path, kind: "update" }];
  }
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].flatMap((key) =>
    diffProperties(own(from, key), own(to, key), joinPath(path, key, Array.isArray(from))),
  );
}

/** The keys of a path in Pulumi's form: `a.b[0]["c.d"]` gives `a`, `b`, `0`, `c.d`. */
export function parsePath(path: string): readonly string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\*|\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) =>
      (quoted === undefined ? undefined : (JSON.parse(`"${quoted}"`) as string)) ?? index ?? plain ?? "",
  );
}

/** Whether a path is at or below a pattern, or above it; `*` stands for any one key. */
export function pathsTouch(path: string, pattern: string): boolean {
  const [keys, patternKeys] = [parsePath(path), parsePath(pattern)];
  return patternKeys.every((key, index) => index >= keys.length || key === "*" || key === keys[index]);
}

/**
 * The new value with everything at the given paths taken from the old one: what `ignoreChanges` asks for. A path that is in
 * neither is ignored.
 */
export function keepPaths<T>(from: unknown, to: T, paths: readonly string[]): T {
  return paths.reduce<T>((value, path) => keepPath(from, value, parsePath(path)) as T, to);
}

function keepPath(from: unknown, to: unknown, keys: readonly string[]): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return from;
  if (typeof to !== "object" || to === null) return to;
  const old = (typeof from === "object" && from !== null ? from : {}) as Record<string, unknown>;
  const copy = (Array.isArray(to) ? [...to] : { ...to }) as Record<string, unknown>;
  for (const name of key === "*" ? new Set([...Object.keys(old), ...Object.keys(copy)]) : [key]) {
    const kept = keepPath(own(old, name), own(copy, name), rest);
    if (kept === undefined) delete copy[name];
    else copy[name] = kept;
  }
  return copy;
}

function joinPath(path: string, key: string, isIndex: boolean): string {
  if (isIndex) return `${path}[${key}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** A property of the value itself: a key may well be called `toString`. */
function own(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
