import { joinWords } from "../parse-from.ts";
import type { FromItem, NamePart } from "../tree.ts";
import { writeExpression, writeList, writeSteps, writeType } from "./write-expression.ts";
import { writeName, writeNameList, writeNames } from "./write-name.ts";
import { writeQuery } from "./write-query.ts";

/** An item of FROM as SQL text. */
export function writeFrom(item: FromItem): string {
  switch (item.kind) {
    case "relation": {
      const index = item.index === undefined ? "" : ` AT ${writeName(item.index)}`;
      return `${writeNames(item.name)}${writeSteps(item.steps)}${writeAlias(item)}${index}`;
    }
    case "derived":
      return `(${writeQuery(item.query)})${writeAlias(item)}`;
    case "function-rows":
      return `${writeNames(item.name)}(${writeList(item.args)})${aliasText(item.alias)}${writeColumns(item.columns)}`;
    case "unpivot": {
      const key = item.key === undefined ? "" : ` AT ${writeName(item.key)}`;
      return `UNPIVOT ${writeExpression(item.operand)} AS ${writeName(item.alias)}${key}`;
    }
    case "unnest":
      return `UNNEST(${writeExpression(item.operand)})${item.withOffset ? " WITH OFFSET" : ""}${writeAlias(item)}`;
    case "pivot": {
      const values = item.values.map(({ alias, expression }) => `${writeExpression(expression)}${asLabel(alias)}`);
      const aggregate = `${writeExpression(item.aggregate)}${asLabel(item.aggregateAlias)}`;
      return `${rotated(item.input)} PIVOT (${aggregate} FOR ${writeName(item.column)} IN (${values.join(", ")}))${writeAlias(item)}`;
    }
    case "unpivot-columns": {
      const columns = item.columns.map(({ alias, name }) => `${writeName(name)}${asLabel(alias)}`).join(", ");
      const nulls = item.includeNulls ? " INCLUDE NULLS" : "";
      return `${rotated(item.input)} UNPIVOT${nulls} (${writeName(item.value)} FOR ${writeName(item.name)} IN (${columns}))${writeAlias(item)}`;
    }
    case "join":
      return writeJoin(item);
  }
}

const rotated = (input: FromItem) => (input.kind === "join" ? `(${writeFrom(input)})` : writeFrom(input));

function writeJoin({ left, natural, on, right, type, using }: Extract<FromItem, { kind: "join" }>): string {
  const words = `${natural ? "NATURAL " : ""}${type === "inner" ? "" : `${type.toUpperCase()} `}JOIN`;
  const condition = on === undefined ? "" : ` ON ${writeExpression(on)}`;
  return `${writeFrom(left)} ${words} ${rotated(right)}${condition}${using.length === 0 ? "" : ` USING${writeNameList(using)}`}`;
}

const asLabel = (alias: NamePart | undefined) => (alias === undefined ? "" : ` AS ${writeName(alias)}`);

const writeAlias = ({
  alias,
  columnAliases,
}: {
  readonly alias: NamePart | undefined;
  readonly columnAliases: readonly NamePart[];
}) => `${aliasText(alias)}${writeNameList(columnAliases)}`;

/** Without AS, unless the word would go on with the query. */
function aliasText(alias: NamePart | undefined): string {
  if (alias === undefined) return "";
  return `${!alias.quoted && joinWords.has(alias.text.toLowerCase()) ? " AS" : ""} ${writeName(alias)}`;
}

function writeColumns(columns: Extract<FromItem, { kind: "function-rows" }>["columns"]): string {
  if (columns.length === 0) return "";
  return ` (${columns.map(({ name, type }) => `${writeName(name)}${type === undefined ? "" : ` ${writeType(type)}`}`).join(", ")})`;
}
