import { parseQuery } from "./parse-query.ts";
import { parseType } from "./parse-type.ts";
import { parseArguments } from "./procedures/parse-procedure.ts";
import { SqlError } from "./sql-error.ts";
import { TokenCursor } from "./token-cursor.ts";
import type { Expression, Statement } from "./tree.ts";

/** Most arguments. Source: Database Developer Guide, r_CREATE_FUNCTION. */
const maxArguments = 32;

/** Reads CREATE [OR REPLACE] FUNCTION, from the word after CREATE. None can be made in Python any more. */
export function parseCreateFunction(cursor: TokenCursor): Statement {
  const orReplace = cursor.acceptWords("or", "replace");
  cursor.expectWords("function");
  const name = cursor.expectQualifiedName();
  const args = parseArguments(cursor);
  cursor.expectWords("returns");
  const returns = parseType(cursor);
  const volatility = cursor.expectOneOf("volatile", "stable", "immutable");
  cursor.expectWords("as");
  const body = cursor.peek();
  if (body.kind !== "dollar-string") throw cursor.unexpected();
  cursor.take();
  cursor.expectWords("language");
  const language = cursor.expectLabel().text.toLowerCase();
  if (language === "plpythonu")
    // Source: GH aws-solutions-library-samples/guidance-for-clickstream-analytics-on-aws#1609, seen on Serverless in 2026.
    throw new SqlError("Create function is not supported for language plpythonu anymore.", { sqlState: "0A000" });
  if (language !== "sql") throw new SqlError(`language "${language}" does not exist`, { sqlState: "42704" });
  const named = args.find((arg) => arg.name !== undefined);
  if (named !== undefined)
    // UNCONFIRMED: the page says that arguments have no names, without a text.
    throw new SqlError("SQL function arguments are types without names", { sqlState: "42P13" });
  if (args.length > maxArguments)
    throw new SqlError(`functions cannot have more than ${maxArguments} arguments`, { sqlState: "54023" });
  parseFunctionBody(body.value);
  return {
    kind: "create-function",
    name,
    orReplace,
    args: args.map((arg) => arg.type),
    returns,
    volatility,
    body: body.value,
  };
}

/** Reads DROP FUNCTION, from the word after it. */
export function parseDropFunction(cursor: TokenCursor): Statement {
  const name = cursor.expectQualifiedName();
  const args = parseArguments(cursor).map((arg) => arg.type);
  const cascade = cursor.acceptOneOf("cascade", "restrict") === "cascade";
  return { kind: "drop-function", name, args, cascade };
}

const parsed = new Map<string, Expression>();
/** Trees that are remembered; more than any database calls at once. */
const maxParsed = 1000;

/**
 * The expression that a function gives: the one item of a SELECT without FROM, WHERE and the like. Throws for any other body; the texts
 * are UNCONFIRMED. Source of the rule: Database Developer Guide, r_CREATE_FUNCTION.
 */
export function parseFunctionBody(text: string): Expression {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const expression = readBody(text);
  if (parsed.size >= maxParsed) parsed.clear();
  parsed.set(text, expression);
  return expression;
}

function readBody(text: string): Expression {
  const cursor = new TokenCursor(text);
  const query = parseQuery(cursor);
  cursor.acceptOperator(";");
  if (cursor.peek().kind !== "end") throw cursor.unexpected();
  const { body } = query;
  const isPlain =
    body.kind === "select" &&
    body.from.length === 0 &&
    body.groupBy.length === 0 &&
    query.ctes.length === 0 &&
    query.orderBy.length === 0 &&
    [body.into, body.where, body.having, body.qualify, body.top, query.limit, query.offset].every(
      (part) => part === undefined,
    );
  if (!isPlain)
    throw new SqlError("a SQL function is a SELECT without FROM, INTO, WHERE, GROUP BY, ORDER BY and LIMIT", {
      sqlState: "42P13",
    });
  const [item, ...others] = body.items;
  if (item === undefined || others.length > 0 || item.expression.kind === "star")
    throw new SqlError("a SQL function returns one value", { sqlState: "42P13" });
  return item.expression;
}
