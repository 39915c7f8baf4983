import type { TokenCursor } from "./token-cursor.ts";
import type { ConstraintNode, NamePart } from "./tree.ts";

/** Whether a constraint of a table follows, and no column. */
export function startsConstraint(cursor: TokenCursor): boolean {
  return (
    cursor.isWord("constraint") ||
    cursor.isWord("primary", "key") ||
    cursor.isWord("foreign", "key") ||
    (cursor.isWord("unique") && cursor.isOperator("(", 1))
  );
}

/** Reads `[CONSTRAINT name] {UNIQUE | PRIMARY KEY | FOREIGN KEY} (columns) …` of a table. */
export function parseConstraint(cursor: TokenCursor): ConstraintNode {
  const name = cursor.acceptWords("constraint") ? cursor.expectName() : undefined;
  if (cursor.acceptWords("unique")) return { name, kind: "unique", columns: parseColumns(cursor) };
  if (cursor.acceptWords("primary", "key")) return { name, kind: "primary key", columns: parseColumns(cursor) };
  cursor.expectWords("foreign", "key");
  const columns = parseColumns(cursor);
  cursor.expectWords("references");
  return { name, kind: "foreign key", columns, references: parseReference(cursor) };
}

/** Reads UNIQUE, PRIMARY KEY or REFERENCES of a column; `undefined` when none follows. */
export function parseColumnConstraint(cursor: TokenCursor, column: NamePart): ConstraintNode | undefined {
  const mark = cursor.mark();
  const name = cursor.acceptWords("constraint") ? cursor.expectName() : undefined;
  const columns = [column];
  if (cursor.acceptWords("unique")) return { name, kind: "unique", columns };
  if (cursor.acceptWords("primary", "key")) return { name, kind: "primary key", columns };
  if (cursor.acceptWords("references"))
    return { name, kind: "foreign key", columns, references: parseReference(cursor) };
  cursor.rewind(mark);
  return undefined;
}

function parseReference(cursor: TokenCursor): NonNullable<ConstraintNode["references"]> {
  const table = cursor.expectQualifiedName();
  return { table, columns: cursor.isOperator("(") ? parseColumns(cursor) : [] };
}

const parseColumns = (cursor: TokenCursor) => cursor.inParentheses(() => cursor.list(() => cursor.expectName()));
