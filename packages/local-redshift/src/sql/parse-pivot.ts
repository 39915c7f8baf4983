import { parseExpression } from "./parse-expression.ts";
import { parseAlias, parseColumnAliases } from "./parse-from.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { FromItem } from "./tree.ts";

/** Reads PIVOT or UNPIVOT of the relation before it; `undefined` when neither follows. */
export function parsePivot(cursor: TokenCursor, input: FromItem): FromItem | undefined {
  const at = cursor.peek().start;
  if (cursor.isWord("pivot")) return parseRowsToColumns(cursor, input, at);
  const isUnpivot = cursor.isOperator("(", 1) || ["include", "exclude"].includes(cursor.peek(1).value);
  return cursor.isWord("unpivot") && isUnpivot ? parseColumnsToRows(cursor, input, at) : undefined;
}

/** `PIVOT (aggregate(…) [AS a] FOR column IN (value [AS b], …))`. */
function parseRowsToColumns(cursor: TokenCursor, input: FromItem, at: number): FromItem {
  cursor.take();
  const pivot = cursor.inParentheses(() => {
    const aggregate = parseExpression(cursor);
    const aggregateAlias = cursor.acceptWords("as") ? cursor.expectLabel() : cursor.acceptName();
    cursor.expectWords("for");
    const column = cursor.expectName();
    cursor.expectWords("in");
    const value = () => {
      const expression = parseExpression(cursor);
      return { expression, alias: cursor.acceptWords("as") ? cursor.expectLabel() : cursor.acceptName() };
    };
    return { aggregate, aggregateAlias, column, values: cursor.inParentheses(() => cursor.list(value)) };
  });
  const alias = parseAlias(cursor);
  return { kind: "pivot", input, ...pivot, alias, columnAliases: parseColumnAliases(cursor, alias), at };
}

/** `UNPIVOT [INCLUDE NULLS | EXCLUDE NULLS] (value FOR name IN (column [AS b], …))`. */
function parseColumnsToRows(cursor: TokenCursor, input: FromItem, at: number): FromItem {
  cursor.take();
  const includeNulls = cursor.acceptWords("include", "nulls");
  if (!includeNulls) cursor.acceptWords("exclude", "nulls");
  const unpivot = cursor.inParentheses(() => {
    const value = cursor.expectName();
    cursor.expectWords("for");
    const name = cursor.expectName();
    cursor.expectWords("in");
    const column = () => {
      const columnName = cursor.expectName();
      return { name: columnName, alias: cursor.acceptWords("as") ? cursor.expectLabel() : cursor.acceptName() };
    };
    return { value, name, columns: cursor.inParentheses(() => cursor.list(column)) };
  });
  const alias = parseAlias(cursor);
  const columnAliases = parseColumnAliases(cursor, alias);
  return { kind: "unpivot-columns", input, includeNulls, ...unpivot, alias, columnAliases, at };
}
