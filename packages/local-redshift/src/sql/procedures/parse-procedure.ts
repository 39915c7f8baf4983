import { parseExpression } from "../parse-expression.ts";
import { parseSet } from "../parse-setting.ts";
import { parseType } from "../parse-type.ts";
import { SqlError } from "../sql-error.ts";
import type { TokenCursor } from "../token-cursor.ts";
import type { NamePart, Statement } from "../tree.ts";
import { parseProcedureBody } from "./parse-block.ts";
import type { ArgumentNode } from "./procedure-tree.ts";

/** Most arguments of a kind. Source: Database Developer Guide, stored-procedure-constraints. */
const maxArguments = 32;

/** Reads CREATE [OR REPLACE] PROCEDURE, from the word after CREATE. The body is read to find its mistakes now. */
export function parseCreateProcedure(cursor: TokenCursor): Statement {
  const orReplace = cursor.acceptWords("or", "replace");
  cursor.expectWords("procedure");
  const name = cursor.expectQualifiedName();
  const args = parseArguments(cursor);
  checkCounts(args);
  let nonatomic = cursor.acceptWords("nonatomic");
  let body: string | undefined;
  let definer = false;
  const settings: (readonly [string, string])[] = [];
  for (;;) {
    if (body === undefined && cursor.acceptWords("as")) body = parseBodyText(cursor);
    else if (cursor.acceptWords("language")) parseLanguage(cursor);
    else if (cursor.acceptWords("security")) definer = cursor.expectOneOf("invoker", "definer") === "definer";
    else if (cursor.acceptWords("nonatomic")) nonatomic = true;
    else if (cursor.acceptWords("set")) settings.push(parseSetting(cursor));
    else break;
  }
  if (body === undefined) throw cursor.unexpected();
  if (nonatomic && (definer || settings.length > 0))
    throw new SqlError(`${definer ? "SECURITY DEFINER" : "SET"} is not supported for NONATOMIC procedures`, {
      sqlState: "0A000",
    });
  return { kind: "create-procedure", name, orReplace, args, body, definer, nonatomic, settings };
}

/** Redshift demands dollar quotes. Places in the body are counted in the whole statement. */
function parseBodyText(cursor: TokenCursor): string {
  const token = cursor.peek();
  if (token.kind !== "dollar-string") throw cursor.unexpected();
  cursor.take();
  try {
    parseProcedureBody(token.value);
  } catch (error) {
    if (!(error instanceof SqlError) || error.position === undefined) throw error;
    const start = token.start + token.text.indexOf("$", 1) + 1;
    throw new SqlError(error.text, { sqlState: error.sqlState, position: error.position + start });
  }
  return token.value;
}

function parseLanguage(cursor: TokenCursor): void {
  const language = cursor.peek();
  const name = (language.kind === "string" ? cursor.expectString() : cursor.expectLabel().text).toLowerCase();
  if (name !== "plpgsql") throw new SqlError(`language "${name}" does not exist`, { sqlState: "42704" });
}

function parseSetting(cursor: TokenCursor): readonly [string, string] {
  const set = parseSet(cursor);
  if (set.kind !== "set" || set.value === undefined) throw cursor.unexpected();
  return [set.name, set.value];
}

function checkCounts(args: readonly ArgumentNode[]): void {
  for (const mode of ["out", "in"] as const)
    if (args.filter((arg) => arg.mode !== mode).length > maxArguments)
      throw new SqlError(`procedures cannot have more than ${maxArguments} arguments`, { sqlState: "54023" });
}

/** `[name] [mode] type`, where name and mode may change places. */
/** Reads the arguments of a procedure, with their parentheses. */
export function parseArguments(cursor: TokenCursor): readonly ArgumentNode[] {
  return cursor.inParentheses(() => (cursor.isOperator(")") ? [] : cursor.list(() => parseArgument(cursor))));
}

function parseArgument(cursor: TokenCursor): ArgumentNode {
  let mode = cursor.acceptOneOf("in", "out", "inout");
  let name: NamePart | undefined;
  if (!isTypeAlone(cursor)) {
    name = cursor.expectName();
    mode ??= cursor.acceptOneOf("in", "out", "inout");
  }
  return { name, mode: mode ?? "in", type: parseType(cursor) };
}

/** Types of two words. */
const secondWords: Readonly<Record<string, readonly string[]>> = {
  binary: ["varying"],
  char: ["varying"],
  character: ["varying"],
  double: ["precision"],
  national: ["character", "char"],
  time: ["with", "without"],
  timestamp: ["with", "without"],
};

/** Whether a type follows, and no name before it. */
function isTypeAlone(cursor: TokenCursor): boolean {
  const next = cursor.peek(1);
  if (next.kind !== "word") return true;
  return cursor.peek().kind === "word" && (secondWords[cursor.peek().value] ?? []).includes(next.value);
}

/** Reads CALL, from the word after it. */
export function parseCall(cursor: TokenCursor): Statement {
  const at = cursor.peek().start;
  const name = cursor.expectQualifiedName();
  const args = cursor.inParentheses(() => (cursor.isOperator(")") ? [] : cursor.list(() => parseExpression(cursor))));
  return { kind: "call", name, args, at };
}

/** Reads DROP PROCEDURE, from the word after it. The grammar has no IF EXISTS and demands the arguments. */
export function parseDropProcedure(cursor: TokenCursor): Statement {
  return { kind: "drop-procedure", name: cursor.expectQualifiedName(), args: parseArguments(cursor) };
}

/** Reads ALTER PROCEDURE, from the word after it. */
export function parseAlterProcedure(cursor: TokenCursor): Statement {
  const name = cursor.expectQualifiedName();
  const args = cursor.isOperator("(") ? parseArguments(cursor) : undefined;
  const kind = cursor.expectOneOf("rename", "owner");
  cursor.expectWords("to");
  const to = kind === "owner" && cursor.isWord("current_user") ? cursor.expectLabel() : cursor.expectName();
  return { kind: "alter-procedure", name, args, action: { kind, to } };
}

/** Reads SHOW PROCEDURE, from the word after it. */
export function parseShowProcedure(cursor: TokenCursor): Statement {
  const name = cursor.expectQualifiedName();
  return { kind: "show-procedure", name, args: cursor.isOperator("(") ? parseArguments(cursor) : undefined };
}
