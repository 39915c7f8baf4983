import type { Expression, FunctionNode, NamePart } from "../../sql/tree.ts";

/** An expression as plans show it: each operation in parentheses. Casts that Redshift would add are not shown. */
export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case "string":
      return `'${expression.value.replaceAll("'", "''")}'`;
    case "number":
      return expression.value;
    case "null":
      return "NULL";
    case "boolean":
      return String(expression.value);
    case "parameter":
      return `:${expression.name}`;
    case "name":
      return dotted(expression.parts);
    case "star":
      return [...expression.qualifier.map((part) => part.text.toLowerCase()), "*"].join(".");
    case "unary":
      return `(${expression.operator.toUpperCase()} ${expressionText(expression.operand)})`;
    case "binary":
      return binary(expression.operator.toUpperCase(), expression.left, expression.right);
    case "is":
      return `(${expressionText(expression.operand)} IS ${not(expression)}${expression.test.toUpperCase()})`;
    case "in":
      return `(${expressionText(expression.operand)} ${not(expression)}IN ${listText(expression.list)})`;
    case "between":
      return betweenText(expression);
    case "like":
      return `(${expressionText(expression.operand)} ${likeOperator(expression)} ${expressionText(expression.pattern)})`;
    case "cast":
      return `(${expressionText(expression.operand)})::${expression.type.name}`;
    case "case":
      return caseText(expression);
    case "interval":
      return `'${expression.value}'::interval`;
    case "at-time-zone":
      return `timezone(${expressionText(expression.zone)}, ${expressionText(expression.operand)})`;
    case "navigate":
      return `${expressionText(expression.target)}.…`;
    case "row":
      return `ROW(${expression.items.map(expressionText).join(", ")})`;
    case "function":
      return functionText(expression);
    case "subquery":
    case "exists":
    case "quantified":
      return "(subplan)";
  }
}

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

const dotted = (parts: readonly NamePart[]) => parts.map((part) => part.text.toLowerCase()).join(".");
const not = ({ negated }: { readonly negated: boolean }) => (negated ? "NOT " : "");

function binary(operator: string, left: Expression, right: Expression): string {
  return `(${expressionText(left)} ${operator} ${expressionText(right)})`;
}

/** BETWEEN is two comparisons. */
function betweenText({ operand, low, high, negated }: Of<"between">): string {
  const [below, above, word] = negated ? ["<", ">", "OR"] : [">=", "<=", "AND"];
  return `(${binary(below!, operand, low)} ${word} ${binary(above!, operand, high)})`;
}

function likeOperator({ operator, negated }: Of<"like">): string {
  return `${negated ? "!" : ""}${{ like: "~~", ilike: "~~*", similar: "~" }[operator]}`;
}

const listText = (list: Of<"in">["list"]) =>
  "kind" in list ? "(subplan)" : `(${list.map((item) => expressionText(item)).join(", ")})`;

function caseText({ operand, whens, otherwise }: Of<"case">): string {
  const parts = whens.map(({ when, then }) => `WHEN ${expressionText(when)} THEN ${expressionText(then)}`);
  const head = operand === undefined ? "CASE" : `CASE ${expressionText(operand)}`;
  return [head, ...parts, ...(otherwise === undefined ? [] : [`ELSE ${expressionText(otherwise)}`]), "END"].join(" ");
}

function functionText({ name, args, star, distinct }: FunctionNode): string {
  const shown = star ? "*" : args.map(expressionText).join(", ");
  return `${dotted(name)}(${distinct ? "DISTINCT " : ""}${shown})`;
}
