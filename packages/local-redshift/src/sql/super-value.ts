import { eachElement, quoteText, type Bound, type PathStep, type PathWant, type SuperPath } from "./bound.ts";
import { types, type SqlType } from "./sql-type.ts";

/**
 * How SUPER is read in DuckDB's SQL. The text of a value is JSON that DuckDB's own functions read, unless it begins with a blank; see
 * super-document.ts. Nothing outside of this file and the functions of super-functions.ts knows that.
 */

/** The kinds of numbers: DuckDB's words for decimals, and `FLOAT` for floating point numbers. */
export const numberKinds = "('UBIGINT','BIGINT','DOUBLE','FLOAT')";

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

/** One step into a SUPER expression; one that leads nowhere gives NULL. `label` is what a result's column is then called. */
export function stepInto(bound: Bound, step: PathStep, label?: string): Bound {
  const path = pathOf(bound);
  const next: SuperPath = {
    steps: [...path.steps, step],
    ...(path.source === undefined ? {} : { source: path.source }),
    get root() {
      return path.root;
    },
  };
  return {
    type: types.super,
    path: next,
    ...(label === undefined ? {} : { label }),
    /** Written only when the JSON itself is wanted, since asking for it makes relations below offer it. */
    get sql() {
      return superValue(this);
    },
  };
}

/** As {@link stepInto}, but a step that leads nowhere is an error: `navigate_super_null_on_error` is off. */
export function stepStrictly(bound: Bound, step: string | number, label?: string): Bound {
  const value = superOf(`CAST(millrace_super_strict(${superValue(bound)}, ${pathLiteral([step])}) AS JSON)`);
  return label === undefined ? value : { ...value, label };
}

/** A SUPER expression whose casts fail where they would give NULL. */
export function castStrictly(bound: Bound): Bound {
  return {
    type: bound.type,
    isStrict: true,
    ...(bound.path === undefined ? {} : { path: bound.path }),
    ...(bound.label === undefined ? {} : { label: bound.label }),
    ...(bound.constant === undefined ? {} : { constant: bound.constant }),
    ...(bound.origin === undefined ? {} : { origin: bound.origin }),
    get sql() {
      return bound.sql;
    },
  };
}

/** A step into a SUPER expression by an index that is not a constant. */
export function stepIntoIndex(bound: Bound, index: string): Bound {
  return superOf(`millrace_super_element(${superValue(bound)}, CAST(${index} AS BIGINT))`);
}

/** The text that a SUPER expression is shown and serialized as. */
export function superJson(bound: Bound): string {
  return `ltrim(CAST(${superValue(bound)} AS VARCHAR), ' ')`;
}

/** What a SUPER expression is compared, grouped and sorted by; NULL for null. */
export function superKey(bound: Bound): string {
  return `millrace_super_key(${superValue(bound)})`;
}

/** What an expression of any type is compared, grouped and sorted by. */
export const sortable = (bound: Bound) => (bound.type.name === "super" ? superKey(bound) : bound.sql);

/** DuckDB's list of an object's values, in the order of {@link superNames}. */
export function superMembers(bound: Bound): string {
  const value = superValue(bound);
  const own = partsOf(value, "$.*");
  return isPlain(value) ? whenForeign(value, own, `json_extract(${value}, '$.*')`) : own;
}

/** DuckDB's list of an object's attributes. */
export function superNames(bound: Bound): string {
  return `json_keys(${superValue(bound)})`;
}

/** A list of DuckDB of the parts of a value that only our own functions read. */
function partsOf(value: string, wildcard: "$[*]" | "$.*"): string {
  return `CAST(json_extract_string(millrace_super_parts(${value}, '${wildcard}'), '$[*]') AS JSON[])`;
}

/** The text of JSON composed in DuckDB, as SUPER. */
export function superComposed(sql: string): Bound {
  return superOf(`CAST(millrace_super_compose(${sql}) AS JSON)`);
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
  const lists = new Map<string, Map<string, SuperPath["steps"]>>();
  for (const { path, wants } of reads.map(pathsOf))
    for (const want of wants) {
      const key = `${want} ${path.root}`;
      const paths = lists.get(key) ?? new Map<string, SuperPath["steps"]>();
      lists.set(key, paths.set(pathText(path.steps), path.steps));
    }
  for (const [key, paths] of lists) if (paths.size < leastTogether) lists.delete(key);
  const keys = [...lists.keys()];
  const item = (path: SuperPath, want: PathWant): string => {
    const key = `${want} ${path.root}`;
    const paths = lists.get(key);
    const at = paths === undefined ? -1 : [...paths.keys()].indexOf(pathText(path.steps));
    return at < 0 ? readPath(path.root, path.steps, want) : `p${keys.indexOf(key)}[${at + 1}]`;
  };
  const isTogether = (path: SuperPath, want: PathWant) => lists.has(`${want} ${path.root}`);
  const whole = reads.map(({ bound, want }, index) => `${pathReaders[want](bound)} AS h${index}`);
  if (keys.length === 0) return { below: whole };
  const below = keys.map((key, index) => {
    const at = key.indexOf(" ");
    const [want, root] = [key.slice(0, at) as "text" | "kind", key.slice(at + 1)];
    return `${readList(root, [...lists.get(key)!.values()], want)} AS p${index}`;
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
  const isOne = path.steps.length === 0 || want === "value" || want === "elements";
  if (below || isOne || !isReadByEngine(path.root, path.steps)) return { path, wants: [] };
  return { path, wants: want === "scalar" ? ["text", "kind"] : [want] };
}

const readers = { value: "json_extract", text: "json_extract_string", kind: "json_type" } as const;

const scalarOf = (text: string, kind: string) =>
  `(CASE WHEN ${kind} IN ('OBJECT', 'ARRAY') THEN NULL ELSE ${text} END)`;

/** DuckDB text that reads a value at a path. */
export function readPath(root: string, steps: readonly PathStep[], want: PathWant): string {
  if (steps.includes(eachElement)) throw new Error("no relation keeps what was asked of each element");
  if (steps.length === 0 && want === "value") return root;
  const own = ownRead(root, steps, want);
  return isReadByEngine(root, steps) ? whenForeign(root, own, engineRead(root, steps, want)) : own;
}

/** Many paths into one value as a list of DuckDB. */
function readList(root: string, paths: readonly SuperPath["steps"][], want: "text" | "kind"): string {
  const own = paths.map((steps) => ownRead(root, steps, want));
  const texts = paths.map((steps) => quoteText(pathText(steps)));
  return whenForeign(root, `[${own.join(", ")}]`, `${readers[want]}(${root}, [${texts.join(", ")}])`);
}

function ownRead(root: string, steps: readonly PathStep[], want: PathWant): string {
  if (want === "elements") return partsOf(ownRead(root, steps, "value"), "$[*]");
  const call = `millrace_super_${want}(${root}, ${pathLiteral(steps)})`;
  return want === "value" ? `CAST(${call} AS JSON)` : call;
}

/** A column is read by the engine where it can; an expression is not written twice. */
const isPlain = (sql: string) => !sql.includes("(");

function whenForeign(root: string, own: string, engine: string): string {
  return `(CASE WHEN starts_with(${root}, ' ') THEN ${own} ELSE ${engine} END)`;
}

/** DuckDB's paths know no empty names and no quotes in names, take `*` for all names, and count negative indexes from the end. */
function isEngineStep(step: PathStep): boolean {
  if (step === eachElement) return false;
  if (typeof step === "number") return step >= 0;
  return step !== "" && !["*", '"', "\\"].some((char) => step.includes(char));
}

const isReadByEngine = (root: string, steps: SuperPath["steps"]) => isPlain(root) && steps.every(isEngineStep);

const pathLiteral = (steps: readonly PathStep[]) => quoteText(JSON.stringify(steps));

function engineRead(root: string, steps: readonly PathStep[], want: PathWant): string {
  if (want === "scalar") {
    return scalarOf(engineRead(root, steps, "text"), engineRead(root, steps, "kind"));
  }
  if (want === "elements") return `json_extract(${root}, ${quoteText(`${pathText(steps)}[*]`)})`;
  if (steps.length === 0) return want === "kind" ? `json_type(${root})` : `json_extract_string(${root}, '$')`;
  return `${readers[want]}(${root}, ${quoteText(pathText(steps))})`;
}

function pathText(steps: readonly PathStep[]): string {
  return "$" + steps.map((step) => (typeof step === "number" ? `[${step}]` : `."${step}"`)).join("");
}

/**
 * A SUPER expression as a scalar of DuckDB type `duck`; what does not fit gives NULL. Objects and arrays do not become text; a decimal
 * with digits after the point does not become a boolean. Source: Database Developer Guide, limitations-super, super-configurations.
 * Strings become booleans as VARCHAR does, booleans no numbers (UNCONFIRMED).
 */
export function superScalar(bound: Bound, type: SqlType, duck: string): string {
  if (type.name === "varchar" || type.name === "bpchar") return superScalarText(bound);
  const scalar = superText(bound);
  if (type.name === "bool")
    return `CASE WHEN ${superKind(bound)} IN ('BOOLEAN', 'VARCHAR') THEN TRY_CAST(${scalar} AS BOOLEAN) WHEN ${superKind(bound)} IN ('UBIGINT', 'BIGINT') THEN ${scalar} <> '0' END`;
  if (type.name === "varbyte") return `CASE WHEN ${superKind(bound)} = 'VARCHAR' THEN encode(${scalar}) END`;
  return `TRY_CAST(${scalar} AS ${duck})`;
}
