import { bareFunctions } from "../parse-expression.ts";
import type { Expression, FrameBound, FunctionNode, SortItem, Step, TypeNode, WindowNode } from "../tree.ts";
import { writeName, writeNames, writeString } from "./write-name.ts";
import { writeQuery } from "./write-query.ts";

/**
 * An expression as SQL text, each operation in parentheses as PostgreSQL's `pg_get_viewdef` writes them; read again it gives the same tree.
 */
export function writeExpression(node: Expression): string {
  const write = writeExpression;
  switch (node.kind) {
    case "string":
      return writeString(node.value);
    case "number":
      return node.value;
    case "null":
      return "NULL";
    case "boolean":
      return String(node.value);
    case "parameter":
      return `:${node.name}`;
    case "name":
      return writeNames(node.parts);
    case "star":
      return [...node.qualifier.map(writeName), "*"].join(".");
    case "navigate":
      return `${stepTarget(node.target, node.steps[0]!)}${writeSteps(node.steps)}`;
    case "unary":
      return `(${node.operator.toUpperCase()} ${write(node.operand)})`;
    case "binary":
      return `(${write(node.left)} ${node.operator.toUpperCase()} ${write(node.right)})`;
    case "is":
      return `(${write(node.operand)} IS ${not(node)}${node.test.toUpperCase()})`;
    case "in":
      return `(${write(node.operand)} ${not(node)}IN (${"kind" in node.list ? writeQuery(node.list) : writeList(node.list)}))`;
    case "between":
      return `(${write(node.operand)} ${not(node)}BETWEEN ${write(node.low)} AND ${write(node.high)})`;
    case "like":
      return writeLike(node);
    case "case":
      return writeCase(node);
    case "cast":
      return writeCast(node);
    case "interval":
      return `INTERVAL ${writeString(node.value)}${node.unit === undefined ? "" : ` ${node.unit}`}`;
    case "at-time-zone":
      return `(${write(node.operand)} AT TIME ZONE ${write(node.zone)})`;
    case "subquery":
      return `(${writeQuery(node.query)})`;
    case "exists":
      return `(EXISTS (${writeQuery(node.query)}))`;
    case "quantified":
      return `(${write(node.operand)} ${node.operator} ${node.quantifier.toUpperCase()} (${writeQuery(node.query)}))`;
    case "row":
      return `(${writeList(node.items)})`;
    case "function":
      return writeFunction(node);
  }
}

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

export const writeList = (nodes: readonly Expression[]) => nodes.map(writeExpression).join(", ");

const not = ({ negated }: { readonly negated: boolean }) => (negated ? "NOT " : "");

/** A name before a dot would take the step for its own part. */
function stepTarget(target: Expression, first: Step): string {
  return target.kind === "name" && "index" in first ? writeExpression(target) : `(${writeExpression(target)})`;
}

/** `.name` and `[index]`. */
export const writeSteps = (steps: readonly Step[]) =>
  steps.map((step) => ("field" in step ? `.${writeName(step.field)}` : `[${writeExpression(step.index)}]`)).join("");

function writeLike(node: Of<"like">): string {
  const operator = node.operator === "similar" ? "SIMILAR TO" : node.operator.toUpperCase();
  const escape = node.escape === undefined ? "" : ` ESCAPE ${writeExpression(node.escape)}`;
  return `(${writeExpression(node.operand)} ${not(node)}${operator} ${writeExpression(node.pattern)}${escape})`;
}

function writeCase({ operand, whens, otherwise }: Of<"case">): string {
  return [
    "CASE",
    ...(operand === undefined ? [] : [writeExpression(operand)]),
    ...whens.map(({ when, then }) => `WHEN ${writeExpression(when)} THEN ${writeExpression(then)}`),
    ...(otherwise === undefined ? [] : [`ELSE ${writeExpression(otherwise)}`]),
    "END",
  ].join(" ");
}

function writeCast({ operand, type, lenient, asCall }: Of<"cast">): string {
  if (asCall) return `CAST(${writeExpression(operand)} AS ${writeType(type).toUpperCase()})`;
  if (lenient) return `TRY_CAST(${writeExpression(operand)} AS ${writeType(type)})`;
  const isLiteral = operand.kind === "string" || operand.kind === "null";
  const text = writeExpression(operand);
  return `${isLiteral ? text : `(${text})`}::${writeType(type)}`;
}

/** `numeric(8,2)`. */
export const writeType = ({ name, modifiers }: TypeNode) =>
  modifiers.length === 0 ? name : `${name}(${modifiers.join(",")})`;

function writeFunction(node: FunctionNode): string {
  const { approximate, args, distinct, ignoreNulls, over, star, withinGroup } = node;
  if (isBare(node)) return writeNames(node.name);
  return [
    approximate ? "APPROXIMATE " : "",
    `${writeNames(node.name)}(${distinct ? "DISTINCT " : ""}${star ? "*" : writeArguments(node, args)})`,
    withinGroup.length === 0 ? "" : ` WITHIN GROUP (${writeOrder(withinGroup)})`,
    ignoreNulls ? " IGNORE NULLS" : "",
    over === undefined ? "" : ` OVER (${writeWindow(over)})`,
  ].join("");
}

const calledName = ({ name }: FunctionNode) => (name.length > 1 || name[0]!.quoted ? "" : name[0]!.text.toLowerCase());

const isBare = (node: FunctionNode) => node.args.length === 0 && !node.star && bareFunctions.has(calledName(node));

/** Those with words between them have them again. */
function writeArguments(node: FunctionNode, args: readonly Expression[]): string {
  const [first, second, ...rest] = args;
  if (calledName(node) === "extract" && second !== undefined)
    return `${writeExpression(first!)} FROM ${writeExpression(second)}`;
  if (calledName(node) !== "object_transform" || second?.kind !== "number") return writeList(args);
  const count = Number(second.value);
  const [keep, set] = [rest.slice(0, count), rest.slice(count)];
  return [
    writeExpression(first!),
    ...(keep.length === 0 ? [] : [`KEEP ${writeList(keep)}`]),
    ...(set.length === 0 ? [] : [`SET ${writeList(set)}`]),
  ].join(" ");
}

function writeWindow({ partitionBy, orderBy, frame }: WindowNode): string {
  const bounds = frame && [frame.start, ...(frame.end === undefined ? [] : [frame.end])].map(writeBound);
  return [
    ...(partitionBy.length === 0 ? [] : [`PARTITION BY ${writeList(partitionBy)}`]),
    ...(orderBy.length === 0 ? [] : [writeOrder(orderBy)]),
    ...(bounds === undefined
      ? []
      : [`${frame!.unit.toUpperCase()} ${bounds.length === 1 ? bounds[0]! : `BETWEEN ${bounds.join(" AND ")}`}`]),
  ].join(" ");
}

const writeBound = ({ kind, offset }: FrameBound) =>
  `${offset === undefined ? "" : `${writeExpression(offset)} `}${kind.toUpperCase()}`;

/** `ORDER BY a DESC, b`. */
export function writeOrder(items: readonly SortItem[]): string {
  const texts = items.map(({ expression, descending, nulls }) =>
    [
      writeExpression(expression),
      ...(descending ? ["DESC"] : []),
      ...(nulls === undefined ? [] : [`NULLS ${nulls.toUpperCase()}`]),
    ].join(" "),
  );
  return `ORDER BY ${texts.join(", ")}`;
}
