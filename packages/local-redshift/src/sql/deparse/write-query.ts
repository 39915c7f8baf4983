import type { Cte, Expression, GroupingNode, Query, QueryBody, Select, SelectInto, SelectItem } from "../tree.ts";
import { writeExpression, writeList, writeOrder } from "./write-expression.ts";
import { writeFrom } from "./write-from.ts";
import { writeName, writeNameList, writeNames } from "./write-name.ts";

/** What stands between the columns of the outermost select list, and before its FROM. */
export interface Layout {
  readonly betweenItems: string;
  readonly beforeFrom: string;
}

const oneLine: Layout = { betweenItems: ", ", beforeFrom: " " };

/** A query as SQL text on one line, unless the layout says otherwise; read again it gives the same tree. */
export function writeQuery(query: Query, layout: Layout = oneLine): string {
  const { body, ctes, limit, offset, orderBy, recursive } = query;
  return [
    ...(ctes.length === 0 ? [] : [`WITH ${recursive ? "RECURSIVE " : ""}${ctes.map(writeCte).join(", ")}`]),
    writeBody(body, layout),
    ...(orderBy.length === 0 ? [] : [writeOrder(orderBy)]),
    ...(limit === undefined ? [] : [`LIMIT ${writeExpression(limit)}`]),
    ...(offset === undefined ? [] : [`OFFSET ${writeExpression(offset)}`]),
  ].join(" ");
}

const writeCte = ({ name, columns, query }: Cte) =>
  `${writeName(name)}${writeNameList(columns)} AS (${writeQuery(query)})`;

/** Set operations need no parentheses: only those come without, and from left to right, that were read so. */
function writeBody(body: QueryBody, layout: Layout): string {
  switch (body.kind) {
    case "select":
      return writeSelect(body, layout);
    case "set": {
      const operator = `${body.operator.toUpperCase()}${body.all ? " ALL" : ""}`;
      return `${writeBody(body.left, layout)} ${operator} ${writeBody(body.right, layout)}`;
    }
    case "values":
      return `VALUES ${body.rows.map((row) => `(${writeList(row)})`).join(", ")}`;
    case "query":
      return `(${writeQuery(body)})`;
  }
}

function writeSelect(select: Select, { beforeFrom, betweenItems }: Layout): string {
  const { distinct, from, groupBy, having, hierarchy, into, items, qualify, top, where } = select;
  const head = [
    "SELECT",
    ...(distinct ? ["DISTINCT"] : []),
    ...(top === undefined ? [] : [`TOP ${writeExpression(top)}`]),
    items.map(writeItem).join(betweenItems),
    ...(into === undefined ? [] : [writeInto(into)]),
  ].join(" ");
  return [
    from.length === 0 ? head : `${head}${beforeFrom}FROM ${from.map(writeFrom).join(", ")}`,
    ...clause("WHERE", where),
    ...clause("START WITH", hierarchy?.startWith),
    ...clause("CONNECT BY", hierarchy?.connectBy),
    ...(groupBy.length === 0 ? [] : [`GROUP BY ${groupBy.map(writeGrouping).join(", ")}`]),
    ...clause("HAVING", having),
    ...clause("QUALIFY", qualify),
  ].join(" ");
}

const clause = (word: string, condition: Expression | undefined) =>
  condition === undefined ? [] : [`${word} ${writeExpression(condition)}`];

function writeItem({ alias, exclude, expression }: SelectItem): string {
  const text = writeExpression(expression);
  if (exclude !== undefined) return `${text} EXCLUDE${writeNameList(exclude)}`;
  return alias === undefined ? text : `${text} AS ${writeName(alias)}`;
}

function writeInto(into: SelectInto): string {
  if (into.kind === "variables") return `INTO ${into.targets.map(writeNames).join(", ")}`;
  return `INTO ${into.temporary ? "TEMPORARY " : ""}TABLE ${writeNames(into.name)}`;
}

/** Each of them begins with its kind; a list of one in a grouping set may come without parentheses, and is given some. */
function writeGrouping(node: Expression | GroupingNode | readonly Expression[]): string {
  if (!("kind" in node)) return `(${writeList(node)})`;
  if (!("at" in node)) return `${node.kind.toUpperCase()} (${node.parts.map(writeGrouping).join(", ")})`;
  return writeExpression(node);
}
