import { parseExpression, startsQuery } from "../parse-expression.ts";
import { parseQuery, parseTargets } from "../parse-query.ts";
import { parseBody } from "../parse-statement.ts";
import { parseType } from "../parse-type.ts";
import { SqlError } from "../sql-error.ts";
import { TokenCursor } from "../token-cursor.ts";
import type { Expression, NamePart, QualifiedName, Query, Select } from "../tree.ts";
import type { Block, BodyStatement, VariableNode } from "./procedure-tree.ts";

const parsed = new WeakMap<{ readonly body: string }, Block>();

/** The tree of a procedure's body; read once for each object. */
export function bodyOf(procedure: { readonly body: string }): Block {
  const known = parsed.get(procedure) ?? parseProcedureBody(procedure.body);
  parsed.set(procedure, known);
  return known;
}

/** Reads the body of a procedure. Throws SqlError with the place in the body for what is wrong or not built. */
export function parseProcedureBody(text: string): Block {
  const cursor = new TokenCursor(text, true);
  const block = parseBlock(cursor, parseLabel(cursor));
  cursor.acceptOperator(";");
  if (cursor.peek().kind !== "end") throw cursor.unexpected();
  return block;
}

function parseLabel(cursor: TokenCursor): string | undefined {
  if (!cursor.acceptOperator("<<")) return undefined;
  const label = cursor.expectName().text.toLowerCase();
  cursor.expectOperator(">>");
  return label;
}

function parseBlock(cursor: TokenCursor, label: string | undefined): Block {
  const variables: VariableNode[] = [];
  while (cursor.acceptWords("declare"))
    while (!cursor.isWord("begin") && !cursor.isWord("declare")) variables.push(parseVariable(cursor));
  cursor.expectWords("begin");
  const statements = parseStatements(cursor, ["end", "exception"]);
  let handler: readonly BodyStatement[] | undefined;
  if (cursor.acceptWords("exception")) {
    cursor.expectWords("when");
    if (!cursor.acceptWords("others"))
      throw new SqlError("the only supported condition of an exception block is OTHERS", {
        sqlState: "0A000",
        position: cursor.peek().start + 1,
      });
    cursor.expectWords("then");
    handler = parseStatements(cursor, ["end"]);
  }
  cursor.expectWords("end");
  acceptLabel(cursor, label);
  return { kind: "block", label, variables, statements, handler };
}

/** The label may be said again at the end. */
function acceptLabel(cursor: TokenCursor, label: string | undefined): void {
  const again = cursor.acceptName();
  if (again !== undefined && again.text.toLowerCase() !== label)
    throw new SqlError(`end label "${again.text}" specified for a block or loop that has another`, {
      sqlState: "42601",
      position: again.at + 1,
    });
}

function parseVariable(cursor: TokenCursor): VariableNode {
  const name = cursor.expectName();
  const none = {
    name,
    type: undefined,
    constant: false,
    notNull: false,
    initial: undefined,
    aliasOf: undefined,
    cursor: undefined,
  };
  if (cursor.acceptWords("alias")) {
    cursor.expectWords("for");
    const position = cursor.take();
    if (position.kind !== "position") throw cursor.unexpected(position);
    cursor.expectOperator(";");
    return { ...none, aliasOf: Number(position.value.slice(1)) };
  }
  const constant = cursor.acceptWords("constant");
  if (cursor.isWord("cursor")) return { ...none, cursor: parseBoundCursor(cursor) };
  if (cursor.acceptWords("record")) {
    cursor.expectOperator(";");
    return none;
  }
  const type = parseType(cursor);
  if (cursor.acceptOperator("%"))
    throw new SqlError(`%${cursor.peek().text} is not built in the local Redshift`, { position: cursor.peek().start });
  const notNull = cursor.acceptWords("not", "null");
  const hasInitial = cursor.acceptWords("default") || cursor.acceptOperator(":=") || cursor.acceptOperator("=");
  const initial = hasInitial ? parseExpression(cursor) : undefined;
  cursor.expectOperator(";");
  return { ...none, type, constant, notNull, initial };
}

/** `CURSOR [(name type, …)] {FOR | IS} query;` */
function parseBoundCursor(cursor: TokenCursor): NonNullable<VariableNode["cursor"]> {
  cursor.expectWords("cursor");
  const parameters = cursor.isOperator("(")
    ? cursor.inParentheses(() => cursor.list(() => ({ name: cursor.expectName(), type: parseType(cursor) })))
    : [];
  cursor.expectOneOf("for", "is");
  const query = parseQuery(cursor);
  cursor.expectOperator(";");
  return { parameters, query };
}

function parseStatements(cursor: TokenCursor, ends: readonly string[]): readonly BodyStatement[] {
  const statements: BodyStatement[] = [];
  while (!ends.some((word) => cursor.isWord(word))) {
    if (cursor.peek().kind === "end") throw cursor.unexpected();
    statements.push(parseOne(cursor));
  }
  return statements;
}

/** Ends a statement: `;`, which may be left out before the END of a block. */
function ended<Item extends BodyStatement>(cursor: TokenCursor, statement: Item): Item {
  cursor.expectOperator(";");
  return statement;
}

function parseOne(cursor: TokenCursor): BodyStatement {
  const label = parseLabel(cursor);
  if (cursor.isWord("begin") || cursor.isWord("declare")) return ended(cursor, parseBlock(cursor, label));
  if (cursor.acceptWords("loop")) return parseLoop(cursor, label, undefined);
  if (cursor.acceptWords("while")) {
    const condition = parseExpression(cursor);
    cursor.expectWords("loop");
    return parseLoop(cursor, label, condition);
  }
  if (cursor.acceptWords("for")) return parseFor(cursor, label);
  if (label !== undefined) throw cursor.unexpected();
  const word = cursor.peek().kind === "word" ? cursor.peek().value : "";
  const parser = isAssignment(cursor) ? undefined : parsers[word];
  if (parser !== undefined) {
    cursor.take();
    return parser(cursor);
  }
  if (isAssignment(cursor)) return parseAssignment(cursor);
  return parseSql(cursor);
}

const parsers: Readonly<Record<string, (cursor: TokenCursor) => BodyStatement>> = {
  case: parseCase,
  close: (cursor) => ended(cursor, { kind: "close", cursor: cursor.expectQualifiedName() }),
  commit: (cursor) => ended(cursor, { kind: "transaction", command: "commit" }),
  continue: (cursor) => parseLeave(cursor, "continue"),
  execute: (cursor) => {
    const command = parseExpression(cursor);
    const targets = cursor.acceptWords("into") ? parseTargets(cursor) : [];
    return ended(cursor, { kind: "execute", command, targets });
  },
  exit: (cursor) => parseLeave(cursor, "exit"),
  fetch: (cursor) => {
    const name = cursor.expectQualifiedName();
    cursor.expectWords("into");
    return ended(cursor, { kind: "fetch-into", cursor: name, targets: parseTargets(cursor) });
  },
  get: (cursor) => {
    cursor.expectWords("diagnostics");
    const target = cursor.expectQualifiedName();
    if (!cursor.acceptOperator(":=")) cursor.expectOperator("=");
    cursor.expectWords("row_count");
    return ended(cursor, { kind: "row-count", target });
  },
  if: parseIf,
  null: (cursor) => ended(cursor, { kind: "nothing" }),
  open: parseOpen,
  perform: (cursor) => {
    const item = { expression: parseExpression(cursor), alias: undefined };
    return ended(cursor, { kind: "perform", query: queryOf(item.expression) });
  },
  raise: parseRaise,
  return: (cursor) => ended(cursor, { kind: "return" }),
  rollback: (cursor) => ended(cursor, { kind: "transaction", command: "rollback" }),
  start: (cursor) => {
    cursor.expectWords("transaction");
    return ended(cursor, { kind: "transaction", command: "start" });
  },
};

/** `SELECT expression`. */
function queryOf(expression: Expression): Query {
  const none = {
    top: undefined,
    from: [],
    where: undefined,
    hierarchy: undefined,
    groupBy: [],
    having: undefined,
    qualify: undefined,
  };
  const items = [{ expression, alias: undefined }];
  const body: Select = { kind: "select", into: undefined, distinct: false, items, at: expression.at, ...none };
  const rest = { orderBy: [], limit: undefined, offset: undefined, at: expression.at, end: expression.at };
  return { kind: "query", recursive: false, ctes: [], body, ...rest };
}

/** Whether `name :=` or `name =` follows, and no statement. */
function isAssignment(cursor: TokenCursor): boolean {
  const first = cursor.peek().kind;
  if (first !== "word" && first !== "quoted" && first !== "position") return false;
  let ahead = 1;
  while (cursor.isOperator(".", ahead)) ahead += 2;
  return cursor.isOperator(":=", ahead) || cursor.isOperator("=", ahead);
}

function parseAssignment(cursor: TokenCursor): BodyStatement {
  const position = cursor.peek();
  const target: QualifiedName =
    position.kind === "position"
      ? [{ text: cursor.take().value, quoted: false, at: position.start }]
      : cursor.expectQualifiedName();
  cursor.take();
  return ended(cursor, { kind: "assign", target, value: parseExpression(cursor) });
}

function parseSql(cursor: TokenCursor): BodyStatement {
  const start = cursor.peek().start;
  const statement = parseBody(cursor);
  const text = cursor.sql.slice(start, cursor.lastEnd);
  cursor.expectOperator(";");
  if (statement.kind === "not-built")
    throw new SqlError(`${statement.what} is not built in the local Redshift`, { position: start + 1 });
  if (statement.kind !== "query") return { kind: "sql", statement, text };
  const { body } = statement.query;
  if (body.kind === "select" && body.into?.kind === "variables")
    return {
      kind: "select-into",
      query: { ...statement.query, body: { ...body, into: undefined } },
      targets: body.into.targets,
    };
  return { kind: "sql", statement, text };
}

function parseIf(cursor: TokenCursor): BodyStatement {
  const branches = [];
  let otherwise: readonly BodyStatement[] = [];
  do {
    const when = parseExpression(cursor);
    cursor.expectWords("then");
    branches.push({ when, statements: parseStatements(cursor, ["elsif", "elseif", "else", "end"]) });
  } while (cursor.acceptOneOf("elsif", "elseif") !== undefined);
  if (cursor.acceptWords("else")) otherwise = parseStatements(cursor, ["end"]);
  cursor.expectWords("end", "if");
  return ended(cursor, { kind: "if", branches, otherwise });
}

function parseCase(cursor: TokenCursor): BodyStatement {
  const operand = cursor.isWord("when") ? undefined : parseExpression(cursor);
  const branches = [];
  while (cursor.acceptWords("when")) {
    const fits = cursor.list(() => parseExpression(cursor));
    cursor.expectWords("then");
    const when = fits
      .map((fit) => (operand === undefined ? fit : binary("=", operand, fit)))
      .reduce((left, right) => binary("or", left, right));
    branches.push({ when, statements: parseStatements(cursor, ["when", "else", "end"]) });
  }
  if (branches.length === 0) throw cursor.unexpected();
  const otherwise = cursor.acceptWords("else") ? parseStatements(cursor, ["end"]) : undefined;
  cursor.expectWords("end", "case");
  return ended(cursor, { kind: "if", branches, otherwise });
}

const binary = (operator: string, left: Expression, right: Expression): Expression => ({
  kind: "binary",
  operator,
  left,
  right,
  at: left.at,
});

function parseLoopBody(cursor: TokenCursor, label: string | undefined): readonly BodyStatement[] {
  const statements = parseStatements(cursor, ["end"]);
  cursor.expectWords("end", "loop");
  acceptLabel(cursor, label);
  cursor.expectOperator(";");
  return statements;
}

function parseLoop(cursor: TokenCursor, label: string | undefined, condition: Expression | undefined): BodyStatement {
  return { kind: "loop", label, condition, statements: parseLoopBody(cursor, label) };
}

function parseFor(cursor: TokenCursor, label: string | undefined): BodyStatement {
  const targets = parseTargets(cursor);
  cursor.expectWords("in");
  if (cursor.acceptWords("execute")) {
    const command = parseExpression(cursor);
    cursor.expectWords("loop");
    return { kind: "for-rows", label, targets, source: { command }, statements: parseLoopBody(cursor, label) };
  }
  if (startsQuery(cursor)) {
    const query = cursor.until("loop", () => parseQuery(cursor));
    cursor.expectWords("loop");
    return { kind: "for-rows", label, targets, source: { query }, statements: parseLoopBody(cursor, label) };
  }
  const [variable, ...others] = targets.map(([name, ...fields]) => (fields.length === 0 ? name : undefined));
  if (variable === undefined || others.length > 0) throw cursor.unexpected();
  const reverse = cursor.acceptWords("reverse");
  const from = parseExpression(cursor);
  cursor.expectOperator("..");
  const to = parseExpression(cursor);
  cursor.expectWords("loop");
  const statements = parseLoopBody(cursor, label);
  return { kind: "for-range", label, variable: variable satisfies NamePart, reverse, from, to, statements };
}

function parseLeave(cursor: TokenCursor, how: "exit" | "continue"): BodyStatement {
  const label = cursor.isWord("when") ? undefined : cursor.acceptName()?.text.toLowerCase();
  const when = cursor.acceptWords("when") ? parseExpression(cursor) : undefined;
  return ended(cursor, { kind: "leave", how, label, when });
}

/** `OPEN name FOR query`, `OPEN name FOR EXECUTE text` or, for a cursor that has its query, `OPEN name [(values)]`. */
function parseOpen(cursor: TokenCursor): BodyStatement {
  const name = cursor.expectQualifiedName();
  if (!cursor.acceptWords("for")) {
    const args = cursor.isOperator("(") ? cursor.inParentheses(() => cursor.list(() => parseExpression(cursor))) : [];
    return ended(cursor, { kind: "open", cursor: name, source: { args } });
  }
  if (cursor.acceptWords("execute"))
    return ended(cursor, { kind: "open", cursor: name, source: { command: parseExpression(cursor) } });
  return ended(cursor, { kind: "open", cursor: name, source: { query: parseQuery(cursor) } });
}

function parseRaise(cursor: TokenCursor): BodyStatement {
  if (cursor.isOperator(";")) return ended(cursor, { kind: "raise-again" });
  const level = cursor.expectOneOf("notice", "info", "log", "warning", "exception", "debug");
  const format = cursor.expectString();
  const args = cursor.acceptOperator(",") ? cursor.list(() => parseExpression(cursor)) : [];
  return ended(cursor, { kind: "raise", level, format, args });
}
