import { parseColumnConstraint } from "./parse-constraint.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseType } from "./parse-type.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { ColumnNode, ConstraintNode } from "./tree.ts";

type Identity = NonNullable<ColumnNode["identity"]>;

/** Reads a column of CREATE TABLE: name, type, attributes and constraints. */
export function parseColumn(cursor: TokenCursor): ColumnNode {
  const name = cursor.expectName();
  const type = parseType(cursor);
  let notNull = false;
  let fallback: ColumnNode["default"];
  let identity: Identity | undefined;
  let encode: string | undefined;
  let distKey = false;
  let sortKey = false;
  const constraints: ConstraintNode[] = [];
  for (;;) {
    if (cursor.acceptWords("not", "null")) notNull = true;
    else if (cursor.acceptWords("null")) notNull = false;
    else if (cursor.acceptWords("default")) fallback = parseDefault(cursor);
    else if (cursor.acceptWords("identity")) identity = parseIdentity(cursor, false);
    else if (cursor.acceptWords("generated", "by", "default", "as", "identity")) identity = parseIdentity(cursor, true);
    else if (cursor.acceptWords("encode")) encode = cursor.expectLabel().text.toLowerCase();
    else if (cursor.acceptWords("distkey")) distKey = true;
    else if (cursor.acceptWords("sortkey")) sortKey = true;
    else if (cursor.acceptWords("collate")) cursor.expectLabel();
    else {
      const constraint = parseColumnConstraint(cursor, name);
      if (constraint === undefined) break;
      constraints.push(constraint);
    }
  }
  return {
    name,
    type,
    notNull: notNull || identity !== undefined || constraints.some(({ kind }) => kind === "primary key"),
    default: fallback,
    identity,
    encode,
    distKey,
    sortKey,
    constraints,
  };
}

function parseDefault(cursor: TokenCursor): ColumnNode["default"] {
  const start = cursor.peek().start;
  const expression = parseExpression(cursor, 4);
  return { expression, text: cursor.sql.slice(start, cursor.lastEnd) };
}

function parseIdentity(cursor: TokenCursor, byDefault: boolean): Identity {
  return cursor.inParentheses(() => {
    const seed = cursor.expectInteger();
    cursor.expectOperator(",");
    return { seed, step: cursor.expectInteger(), byDefault };
  });
}
