import { quoteText, type Bound, type PathWant, type SuperPath } from "./bound.ts";
import { types, type SqlType } from "./sql-type.ts";

/** What `json_type` calls numbers. */
export const numberKinds = "('UBIGINT','BIGINT','DOUBLE')";

/** The JSON of a SUPER expression. */
export function superValue(bound: Bound): string {
  return read(bound, "value");
}

/** The text of a SUPER expression: strings without their quotes, JSON null as NULL. */
export function superText(bound: Bound): string {
  return read(bound, "text");
}

/** DuckDB's word for the JSON type of a SUPER expression (`VARCHAR`, `OBJECT` …); NULL when there is no value. */
export function superKind(bound: Bound): string {
  return read(bound, "kind");
}

/** The text of a SUPER expression; NULL for objects and arrays. */
function superScalarText(bound: Bound): string {
  return read(bound, "scalar");
}

/** The elements of a SUPER expression as a list of DuckDB; an empty one unless it is an array. */
export function superElements(bound: Bound): string {
  return read(bound, "elements");
}

/** How each thing that may be asked about a path is read. */
export const pathReaders: Readonly<Record<PathWant, (bound: Bound) => string>> = {
  elements: superElements,
  kind: superKind,
  scalar: superScalarText,
  text: superText,
  value: superValue,
};

/** A SUPER expression made of DuckDB text. */
export function superOf(sql: string, source?: SuperPath["source"]): Bound {
  const path: SuperPath = source === undefined ? { root: sql, steps: [] } : { root: sql, steps: [], source };
  return { sql, type: types.super, path };
}

/** One step into a SUPER expression. In lax mode, the only one built, a step that leads nowhere gives NULL. */
export function stepInto(bound: Bound, step: string | number): Bound {
  const path = bound.path ?? { root: bound.sql, steps: [] };
  const next: SuperPath = { ...path, steps: [...path.steps, step] };
  const label = typeof step === "string" ? { label: step } : {};
  return {
    type: types.super,
    path: next,
    ...label,
    /** Written only when the JSON itself is wanted, since asking for it makes relations below offer it. */
    get sql() {
      return superValue(this);
    },
  };
}

/** A step into a SUPER expression by an index that is not a constant. */
export function stepIntoIndex(bound: Bound, index: string): Bound {
  const at = `'$[' || CAST(${index} AS BIGINT) || ']'`;
  return superOf(`CASE WHEN ${index} >= 0 THEN json_extract(${superValue(bound)}, ${at}) END`);
}

function read(bound: Bound, want: PathWant): string {
  const path = pathOf(bound);
  const source = path.source;
  if (source?.relation.keepsPath(source.column, path.steps, want) === true)
    return source.relation.takePath(source.column, path.steps, want);
  return readPath(path.root, path.steps, want);
}

const pathOf = (bound: Bound): SuperPath => bound.path ?? { root: bound.sql, steps: [] };

/** From so many paths into one value on, reading them together costs less than each by itself. */
const leastTogether = 3;

/** What is asked about a SUPER expression. */
export interface SuperRead {
  readonly bound: Bound;
  readonly want: PathWant;
}

/**
 * Reads of many paths as columns `h0`, `h1` … in their order. Where several lead into one value it is gone through once for all their texts
 * and once for all their kinds: then `below` has the lists, for a query that `columns` are written over. Otherwise `columns` is absent.
 */
export function readTogether(reads: readonly SuperRead[]): {
  readonly below: readonly string[];
  readonly columns?: readonly string[];
} {
  const lists = new Map<string, string[]>();
  for (const { path, wants } of reads.map(pathsOf))
    for (const want of wants) {
      const key = `${want} ${path.root}`;
      const texts = lists.get(key) ?? [];
      lists.set(key, texts);
      if (!texts.includes(pathText(path.steps))) texts.push(pathText(path.steps));
    }
  for (const [key, texts] of lists) if (texts.length < leastTogether) lists.delete(key);
  const keys = [...lists.keys()];
  const item = (path: SuperPath, want: PathWant): string => {
    const key = `${want} ${path.root}`;
    const at = lists.get(key)?.indexOf(pathText(path.steps));
    return at === undefined ? readPath(path.root, path.steps, want) : `p${keys.indexOf(key)}[${at + 1}]`;
  };
  const isTogether = (path: SuperPath, want: PathWant) => lists.has(`${want} ${path.root}`);
  const whole = reads.map(({ bound, want }, index) => `${pathReaders[want](bound)} AS h${index}`);
  if (keys.length === 0) return { below: whole };
  const below = keys.map((key, index) => {
    const at = key.indexOf(" ");
    const paths = lists.get(key)!.map(quoteText);
    return `${readers[key.slice(0, at) as "text" | "kind"]}(${key.slice(at + 1)}, [${paths.join(", ")}]) AS p${index}`;
  });
  const columns = reads.map((read, index) => {
    const { path, wants } = pathsOf(read);
    if (wants.length === 0 || !wants.every((want) => isTogether(path, want))) {
      below.push(whole[index]!);
      return `h${index}`;
    }
    const [text, kind] = [item(path, "text"), item(path, "kind")];
    const sql = read.want === "scalar" ? scalarOf(text, kind) : read.want === "kind" ? kind : text;
    return `${sql} AS h${index}`;
  });
  return { below, columns };
}

/** The path that a read goes here and not in a relation below, and what lists it needs; none for what is read by itself. */
function pathsOf({ bound, want }: SuperRead): { path: SuperPath; wants: readonly ("text" | "kind")[] } {
  const path = pathOf(bound);
  const below = path.source?.relation.keepsPath(path.source.column, path.steps, want) === true;
  if (below || path.steps.length === 0 || want === "value" || want === "elements") return { path, wants: [] };
  return { path, wants: want === "scalar" ? ["text", "kind"] : [want] };
}

const readers = { value: "json_extract", text: "json_extract_string", kind: "json_type" } as const;

const scalarOf = (text: string, kind: string) =>
  `(CASE WHEN ${kind} IN ('OBJECT', 'ARRAY') THEN NULL ELSE ${text} END)`;

/** DuckDB text that reads JSON at a path. */
export function readPath(root: string, steps: readonly (string | number)[], want: PathWant): string {
  if (want === "scalar") {
    return scalarOf(readPath(root, steps, "text"), readPath(root, steps, "kind"));
  }
  if (want === "elements") return `json_extract(${root}, ${quoteText(`${pathText(steps)}[*]`)})`;
  if (steps.length === 0) {
    if (want === "value") return root;
    return want === "kind" ? `json_type(${root})` : `json_extract_string(${root}, '$')`;
  }
  return `${readers[want]}(${root}, ${quoteText(pathText(steps))})`;
}

function pathText(steps: readonly (string | number)[]): string {
  return (
    "$" +
    steps
      .map((step) =>
        typeof step === "number" ? `[${step}]` : `."${step.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`,
      )
      .join("")
  );
}

/**
 * A SUPER expression as a scalar of DuckDB type `duck`; what does not fit gives NULL (`cast_super_null_on_error` is on).
 * Objects and arrays do not become text. Source: Database Developer Guide, limitations-super, super-configurations.
 */
export function superScalar(bound: Bound, type: SqlType, duck: string): string {
  if (type.name === "varchar" || type.name === "bpchar") return superScalarText(bound);
  if (type.name === "bool")
    return `CASE WHEN ${superKind(bound)} IN ('BOOLEAN', 'VARCHAR') THEN TRY_CAST(${superText(bound)} AS BOOLEAN) END`;
  if (type.name === "varbyte") return `CASE WHEN ${superKind(bound)} = 'VARCHAR' THEN encode(${superText(bound)}) END`;
  return `TRY_CAST(${superText(bound)} AS ${duck})`;
}
