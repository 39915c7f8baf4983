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
export function superScalarText(bound: Bound): string {
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
  const path = bound.path ?? { root: bound.sql, steps: [] };
  const source = path.source;
  if (source?.relation.keepsPath(source.column, path.steps, want) === true)
    return source.relation.takePath(source.column, path.steps, want);
  return readPath(path.root, path.steps, want);
}

/** DuckDB text that reads JSON at a path. */
export function readPath(root: string, steps: readonly (string | number)[], want: PathWant): string {
  if (want === "scalar") {
    const [text, kind] = [readPath(root, steps, "text"), readPath(root, steps, "kind")];
    return `(CASE WHEN ${kind} IN ('OBJECT', 'ARRAY') THEN NULL ELSE ${text} END)`;
  }
  if (want === "elements") return `json_extract(${root}, ${quoteText(`${pathText(steps)}[*]`)})`;
  if (steps.length === 0) {
    if (want === "value") return root;
    return want === "kind" ? `json_type(${root})` : `json_extract_string(${root}, '$')`;
  }
  const reader = { value: "json_extract", text: "json_extract_string", kind: "json_type" }[want];
  return `${reader}(${root}, ${quoteText(pathText(steps))})`;
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
