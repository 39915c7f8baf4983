import { parseExpression, parseOrderBy, startsQuery } from "./parse-expression.ts";
import { parseFromItem } from "./parse-from.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type {
  Cte,
  Expression,
  GroupingNode,
  HierarchyNode,
  NamePart,
  Query,
  QualifiedName,
  QueryBody,
  Select,
  SelectInto,
  SelectItem,
  Values,
  WithClause,
} from "./tree.ts";

/** Reads a whole query: WITH, SELECT and set operations, ORDER BY, LIMIT and OFFSET. */
export function parseQuery(cursor: TokenCursor): Query {
  const at = cursor.peek().start;
  return parseQueryAfter(cursor, parseWith(cursor), at);
}

/** Reads WITH, if it follows. */
export function parseWith(cursor: TokenCursor): WithClause {
  if (!cursor.acceptWords("with")) return { recursive: false, ctes: [] };
  const recursive = cursor.acceptWords("recursive");
  return { recursive, ctes: cursor.list(() => parseCte(cursor)) };
}

/** Reads a query from behind its WITH; `at` is where it began. */
export function parseQueryAfter(cursor: TokenCursor, clause: WithClause, at: number): Query {
  const body = parseSetOperation(cursor);
  const orderBy = parseOrderBy(cursor);
  let limit: Expression | undefined;
  let offset: Expression | undefined;
  for (;;) {
    if (cursor.acceptWords("limit")) limit = cursor.acceptWords("all") ? undefined : parseExpression(cursor);
    else if (cursor.acceptWords("offset")) offset = parseExpression(cursor);
    else break;
  }
  return { kind: "query", ...clause, body, orderBy, limit, offset, at, end: cursor.lastEnd };
}

function parseCte(cursor: TokenCursor): Cte {
  const name = cursor.expectName();
  const columns: readonly NamePart[] = cursor.isOperator("(")
    ? cursor.inParentheses(() => cursor.list(() => cursor.expectName()))
    : [];
  cursor.expectWords("as");
  return { name, columns, query: cursor.inParentheses(() => parseQuery(cursor)) };
}

/** UNION and EXCEPT from left to right, INTERSECT more tightly. */
function parseSetOperation(cursor: TokenCursor): QueryBody {
  let left = parseIntersection(cursor);
  for (;;) {
    const at = cursor.peek().start;
    const word = cursor.acceptOneOf("union", "except", "minus");
    if (word === undefined) return left;
    const all = cursor.acceptOneOf("all", "distinct") === "all";
    left = {
      kind: "set",
      operator: word === "union" ? "union" : "except",
      all,
      left,
      right: parseIntersection(cursor),
      at,
    };
  }
}

function parseIntersection(cursor: TokenCursor): QueryBody {
  let left = parseBody(cursor);
  for (;;) {
    const at = cursor.peek().start;
    if (!cursor.acceptWords("intersect")) return left;
    const all = cursor.acceptOneOf("all", "distinct") === "all";
    left = { kind: "set", operator: "intersect", all, left, right: parseBody(cursor), at };
  }
}

function parseBody(cursor: TokenCursor): QueryBody {
  if (cursor.isOperator("(") && startsQuery(cursor)) return cursor.inParentheses(() => parseQuery(cursor));
  if (cursor.isWord("values")) return parseValues(cursor);
  return parseSelect(cursor);
}

function parseValues(cursor: TokenCursor): Values {
  const at = cursor.take().start;
  const rows = cursor.list(() => cursor.inParentheses(() => cursor.list(() => parseExpression(cursor))));
  return { kind: "values", rows, at };
}

function parseSelect(cursor: TokenCursor): Select {
  const at = cursor.peek().start;
  cursor.expectWords("select");
  const quantifier = cursor.acceptOneOf("all", "distinct");
  const top = cursor.isWord("top") ? parseTop(cursor) : undefined;
  const early = parseInto(cursor);
  const items = parseSelectItems(cursor);
  const into = early ?? parseInto(cursor);
  const from = cursor.acceptWords("from") ? cursor.list(() => parseFromItem(cursor)) : [];
  const where = cursor.acceptWords("where") ? parseExpression(cursor) : undefined;
  const hierarchy = parseHierarchy(cursor);
  const groupBy = cursor.acceptWords("group", "by")
    ? cursor.list(() => parseGrouping(cursor) ?? parseExpression(cursor))
    : [];
  const having = cursor.acceptWords("having") ? parseExpression(cursor) : undefined;
  const qualify = cursor.acceptWords("qualify") ? parseExpression(cursor) : undefined;
  return {
    kind: "select",
    into,
    distinct: quantifier === "distinct",
    top,
    items,
    from,
    where,
    hierarchy,
    groupBy,
    having,
    qualify,
    at,
  };
}

/** In a procedure INTO names variables, and may stand before the select list; elsewhere it names a new table. */
function parseInto(cursor: TokenCursor): SelectInto | undefined {
  const at = cursor.peek().start;
  if (!cursor.acceptWords("into")) return undefined;
  if (cursor.isProcedure && !cursor.isWord("temp") && !cursor.isWord("temporary"))
    return { kind: "variables", targets: parseTargets(cursor), at };
  const temporary = cursor.acceptOneOf("temporary", "temp") !== undefined;
  cursor.acceptWords("table");
  return { kind: "table", name: cursor.expectQualifiedName(), temporary, at };
}

/** Variables and fields of records, with commas between. */
export function parseTargets(cursor: TokenCursor): readonly QualifiedName[] {
  return cursor.list(() => cursor.expectQualifiedName());
}

/** CONNECT BY, with START WITH before or behind it. */
function parseHierarchy(cursor: TokenCursor): HierarchyNode | undefined {
  const { start: at } = cursor.peek();
  const before = parseStartWith(cursor);
  if (before === undefined && !cursor.isWord("connect", "by")) return undefined;
  cursor.expectWords("connect", "by");
  const connectBy = parseExpression(cursor);
  return { startWith: before ?? parseStartWith(cursor), connectBy, at };
}

const parseStartWith = (cursor: TokenCursor) =>
  cursor.acceptWords("start", "with") ? parseExpression(cursor) : undefined;

/** `ROLLUP (…)`, `CUBE (…)` or `GROUPING SETS (…)`; in the last may be more of them. */
function parseGrouping(cursor: TokenCursor): GroupingNode | undefined {
  const word = (["rollup", "cube"] as const).find((name) => cursor.isWord(name) && cursor.isOperator("(", 1));
  if (word !== undefined) {
    cursor.take();
    return { kind: word, parts: cursor.inParentheses(() => cursor.list(() => parseGroupingSet(cursor))) };
  }
  if (!cursor.acceptWords("grouping", "sets")) return undefined;
  const part = () => parseGrouping(cursor) ?? parseGroupingSet(cursor);
  return { kind: "grouping sets", parts: cursor.inParentheses(() => cursor.list(part)) };
}

function parseGroupingSet(cursor: TokenCursor): readonly Expression[] {
  if (cursor.isOperator("(") && cursor.isOperator(")", 1)) {
    cursor.take();
    cursor.take();
    return [];
  }
  const expression = parseExpression(cursor);
  return expression.kind === "row" ? expression.items : [expression];
}

function parseTop(cursor: TokenCursor): Expression {
  cursor.take();
  const at = cursor.peek().start;
  return { kind: "number", value: String(cursor.expectInteger()), at };
}

function parseSelectItems(cursor: TokenCursor): SelectItem[] {
  return cursor.list(() => {
    const expression = parseExpression(cursor);
    if (expression.kind === "star" && cursor.acceptWords("exclude")) {
      const exclude = cursor.isOperator("(")
        ? cursor.inParentheses(() => cursor.list(() => cursor.expectName()))
        : [cursor.expectName()];
      return { expression, exclude, alias: undefined };
    }
    if (cursor.acceptWords("as")) return { expression, alias: cursor.expectLabel() };
    return { expression, alias: expression.kind === "star" ? undefined : cursor.acceptName() };
  });
}
