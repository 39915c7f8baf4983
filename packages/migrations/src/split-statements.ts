import type { SqlPiece } from "./lex-sql.ts";

/** One SQL statement of a file, without its semicolon and without the comments around it. */
export interface Statement {
  readonly sql: string;
  /** Line on which its first word stands, from 1. */
  readonly line: number;
}

/** Cuts the pieces of a text at its semicolons; those in strings, identifiers, comments and dollar quotes do not count. Comments alone are no statement. */
export function splitStatements(pieces: readonly SqlPiece[]): readonly Statement[] {
  const statements: Statement[] = [];
  let current: SqlPiece[] = [];
  const end = () => {
    const statement = toStatement(current);
    if (statement) statements.push(statement);
    current = [];
  };
  for (const piece of pieces) {
    if (piece.kind !== "code") {
      current.push(piece);
      continue;
    }
    let line = piece.line;
    piece.text.split(";").forEach((text, index) => {
      if (index > 0) end();
      current.push({ kind: "code", text, line });
      line += text.split("\n").length - 1;
    });
  }
  end();
  return statements;
}

function toStatement(pieces: readonly SqlPiece[]): Statement | undefined {
  const says = ({ kind, text }: SqlPiece) => kind !== "comment" && text.trim() !== "";
  const first = pieces.findIndex(says);
  const head = pieces[first];
  if (!head) return undefined;
  const last = pieces.findLastIndex(says);
  const sql = pieces
    .slice(first, last + 1)
    .map(({ text }) => text)
    .join("")
    .trim();
  const blank = /^\s*/.exec(head.text)?.[0] ?? "";
  return { sql, line: head.line + blank.split("\n").length - 1 };
}
