import type { BindContext, BindingNotes, NotedColumn } from "../bind-context.ts";
import { bindQuery } from "../bind-query.ts";
import { reservedWords } from "../reserved-words.ts";
import { Scope } from "../scope.ts";
import { isMoment, isText, plainTypeText, resolveType, types, type SqlType } from "../sql-type.ts";
import type { Expression, FromItem, NamePart, Query, QueryBody, SelectItem, TypeNode } from "../tree.ts";

/**
 * A query with its names and types written out, as Redshift shows that of a view: columns with their relations, `*` as columns, relations
 * with their schema unless `isVisible` says that they are found without, types by their long names, text in comparisons as text. `columns`
 * are the names that the view has for its columns. Source of the form: Database Developer Guide, r_SHOW_VIEW; where its samples are
 * silent it is that of PostgreSQL 8's rules (UNCONFIRMED): BETWEEN and IN of a list as comparisons, names for queries in FROM.
 * Throws what binding throws.
 */
export function resolvedQuery(
  query: Query,
  columns: readonly string[],
  isVisible: (schema: string) => boolean,
  context: BindContext,
): Query {
  const named = withDerivedNames(query);
  const notes = new Notes();
  bindQuery(named, new Scope(), { ...context, notes });
  const resolver = { notes, isVisible };
  const resolved = resolve(named, resolver) as Query;
  return { ...resolved, body: withColumnNames(resolved.body, columns) };
}

/** What binding has told of the parts of a tree. */
class Notes implements BindingNotes {
  readonly names = new Map<readonly NamePart[], { readonly column: NotedColumn; readonly used: number }>();
  readonly stars = new Map<Expression, readonly NotedColumn[]>();
  readonly relations = new Map<FromItem, { readonly schema: string | undefined; readonly name: string }>();
  readonly types = new Map<Expression, SqlType>();

  name(parts: readonly NamePart[], column: NotedColumn, used: number): void {
    this.names.set(parts, { column, used });
  }
  star(star: Expression, columns: readonly NotedColumn[]): void {
    this.stars.set(star, columns);
  }
  relation(item: FromItem, schema: string | undefined, name: string): void {
    this.relations.set(item, { schema, name });
  }
  type(node: Expression, type: SqlType): void {
    this.types.set(node, type);
  }
}

interface Resolver {
  readonly notes: Notes;
  readonly isVisible: (schema: string) => boolean;
}

/** Redshift's names for queries in FROM that have none. */
function withDerivedNames(query: Query): Query {
  let count = 0;
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    const item = node as FromItem;
    const inside = mapped(node, walk);
    const isQuery = item.kind === "derived" || item.kind === "pivot" || item.kind === "unpivot-columns";
    return isQuery && item.alias === undefined ? { ...inside, alias: partOf(`derived_table${(count += 1)}`) } : inside;
  };
  return walk(query) as Query;
}

const mapped = (node: object, map: (child: unknown) => unknown) =>
  Object.fromEntries(Object.entries(node).map(([key, child]) => [key, map(child)]));

const plainName = /^[a-z_][a-z0-9_$]*$/;

/** A name as it is found again: with quotes where it needs some. */
const partOf = (text: string): NamePart => ({ text, quoted: !plainName.test(text) || reservedWords.has(text), at: 0 });

const columnName = ({ relation, column }: NotedColumn): NamePart[] =>
  relation === "" ? [partOf(column)] : [partOf(relation), partOf(column)];

const lowered = (part: NamePart): NamePart => (part.quoted ? part : { ...part, text: part.text.toLowerCase() });

function resolve(node: unknown, resolver: Resolver): unknown {
  if (Array.isArray(node))
    return node.flatMap((child): readonly unknown[] => expanded(child, resolver) ?? [resolve(child, resolver)]);
  if (typeof node !== "object" || node === null) return node;
  const part = node as Expression | FromItem;
  switch (part.kind) {
    case "name": {
      const noted = resolver.notes.names.get(part.parts);
      if (noted === undefined) return part;
      return { ...part, parts: [...columnName(noted.column), ...part.parts.slice(noted.used)] };
    }
    case "function":
      return mapped({ ...part, name: part.name.map(lowered) }, (child) => resolve(child, resolver));
    case "relation":
      return resolveRelation(part, resolver);
    case "cast":
      return { ...part, operand: resolve(part.operand, resolver), type: longType(part.type) };
    case "binary":
      return resolveComparison(part, resolver) ?? mapped(part, (child) => resolve(child, resolver));
    case "between":
      return resolve(betweenOf(part), resolver);
    case "in":
      return "kind" in part.list || part.operand.kind === "row"
        ? mapped(part, (child) => resolve(child, resolver))
        : resolve(inOf(part, part.list), resolver);
    default:
      return mapped(part, (child) => resolve(child, resolver));
  }
}

/** The items that a star of a select list stands for; `undefined` for anything else. */
function expanded(node: unknown, { notes }: Resolver): readonly SelectItem[] | undefined {
  if (typeof node !== "object" || node === null || !("expression" in node)) return undefined;
  const { expression, exclude = [] } = node as SelectItem;
  const columns = notes.stars.get(expression);
  const left = new Set(exclude.map(({ text }) => text.toLowerCase()));
  return columns
    ?.filter(({ column }) => !left.has(column))
    .map((column) => ({ expression: { kind: "name", parts: columnName(column), at: 0 }, alias: undefined }));
}

/** A relation that has another name now keeps the one that the query calls it by. */
function resolveRelation(item: Extract<FromItem, { kind: "relation" }>, { notes, isVisible }: Resolver): FromItem {
  const noted = notes.relations.get(item);
  if (noted?.schema === undefined) return item;
  const before = item.name.at(-1)!;
  const called = partOf(lowered(before).text);
  const isRenamed = called.text.toLowerCase() !== noted.name.toLowerCase();
  const alias = item.alias ?? (isRenamed ? called : undefined);
  const name = [...(isVisible(noted.schema) ? [] : [partOf(noted.schema)]), partOf(noted.name)];
  return { ...item, name, alias };
}

/** `int` as `integer`; TEXT and types that are none of a column stay as they are. */
function longType(node: TypeNode): TypeNode {
  if (["text", "interval", "name", "oid"].includes(node.name)) return node;
  return { ...node, name: plainTypeText(resolveType(node, "cast")) };
}

const comparisons: ReadonlySet<string> = new Set(["=", "<>", "<", ">", "<=", ">="]);

/** `(a)::text = 'x'::text`, and `d = '2020-01-01'::date`: a literal has the type that it is read as. */
function resolveComparison(node: Extract<Expression, { kind: "binary" }>, resolver: Resolver): Expression | undefined {
  if (!comparisons.has(node.operator) || node.left.kind === "row") return undefined;
  const [left, right] = [node.left, node.right].map((side) => resolver.notes.types.get(side) ?? types.unknown);
  const type = comparedType(left!, right!);
  if (type === undefined) return undefined;
  const side = (child: Expression, own: SqlType): Expression => {
    const operand = resolve(child, resolver) as Expression;
    const isDone = type === "text" ? own.name === "super" : own.name !== "unknown";
    return isDone || child.kind === "null" ? operand : castOf(operand, type);
  };
  return { ...node, left: side(node.left, left!), right: side(node.right, right!) };
}

/** `undefined` where nothing is written out. */
function comparedType(left: SqlType, right: SqlType): string | undefined {
  const isLiteral = left.name === "unknown" || right.name === "unknown";
  const known = left.name === "unknown" ? right : left;
  if (isLiteral && (isMoment(known) || known.name === "bpchar")) return plainTypeText(known);
  const isPlainText = (type: SqlType) => isText(type) || type.name === "unknown";
  if (!isPlainText(left) || !isPlainText(right) || known.name === "unknown") return undefined;
  return left.name === "bpchar" && right.name === "bpchar" ? undefined : "text";
}

function castOf(operand: Expression, type: string): Expression {
  if (operand.kind === "cast" && operand.type.name === type) return operand;
  const name = type === "character" ? "bpchar" : type;
  return { kind: "cast", operand, type: { name, modifiers: [], at: 0 }, lenient: false, at: 0 };
}

function betweenOf({ operand, low, high, negated, at }: Extract<Expression, { kind: "between" }>): Expression {
  const [below, above, word] = negated ? ["<", ">", "or"] : [">=", "<=", "and"];
  const left: Expression = { kind: "binary", operator: below!, left: operand, right: low, at };
  const right: Expression = { kind: "binary", operator: above!, left: operand, right: high, at };
  return { kind: "binary", operator: word!, left, right, at };
}

/** Each value of the list compared. */
function inOf({ operand, negated, at }: Extract<Expression, { kind: "in" }>, list: readonly Expression[]): Expression {
  const operator = negated ? "<>" : "=";
  const tests = list.map((right): Expression => ({ kind: "binary", operator, left: operand, right, at }));
  return tests.reduce((left, right) => ({ kind: "binary", operator: negated ? "and" : "or", left, right, at }));
}

/** The select list with the view's names where they are others. */
function withColumnNames(body: QueryBody, columns: readonly string[]): QueryBody {
  if (body.kind === "query") return { ...body, body: withColumnNames(body.body, columns) };
  if (body.kind === "set") return { ...body, left: withColumnNames(body.left, columns) };
  if (body.kind === "values") return body;
  const items = body.items.map((item, index) => {
    const name = columns[index];
    const { expression } = item;
    const isSame = name === undefined || (expression.kind === "name" && expression.parts.at(-1)!.text === name);
    return isSame ? { ...item, alias: undefined } : { ...item, alias: partOf(name) };
  });
  return { ...body, items };
}
