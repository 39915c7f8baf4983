import { parseColumn } from "./parse-column.ts";
import { parseConstraint, startsConstraint } from "./parse-constraint.ts";
import { parseCreateFunction } from "./parse-create-function.ts";
import { parseCreateProcedure } from "./procedures/parse-procedure.ts";
import { parseCreateGroup, parseCreateRole, parseCreateUser, parsePrincipalName } from "./parse-principal.ts";
import { parseQuery } from "./parse-query.ts";
import { parseCreateRlsPolicy } from "./parse-row-security.ts";
import { skipRest } from "./parse-statement.ts";
import { noAttributes, parseTableAttribute } from "./parse-table-attributes.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { ColumnNode, ConstraintNode, LikeClause, NamePart, Statement, TableAttributes } from "./tree.ts";

/** Reads a CREATE statement, from the word after CREATE. */
export function parseCreate(cursor: TokenCursor): Statement {
  if (cursor.acceptWords("schema")) return parseCreateSchema(cursor);
  if (cursor.acceptWords("external", "schema")) return parseCreateExternalSchema(cursor);
  if (cursor.acceptWords("materialized", "view")) return parseCreateMaterializedView(cursor);
  if (cursor.isWord("or", "replace", "view")) {
    cursor.acceptWords("or", "replace", "view");
    return parseCreateView(cursor, true);
  }
  if (cursor.acceptWords("view")) return parseCreateView(cursor, false);
  if (cursor.isWord("procedure") || cursor.isWord("or", "replace", "procedure")) return parseCreateProcedure(cursor);
  if (cursor.isWord("function") || cursor.isWord("or", "replace", "function")) return parseCreateFunction(cursor);
  if (cursor.acceptWords("user")) return parseCreateUser(cursor);
  if (cursor.acceptWords("role")) return parseCreateRole(cursor);
  if (cursor.acceptWords("group")) return parseCreateGroup(cursor);
  if (cursor.acceptWords("rls", "policy")) return parseCreateRlsPolicy(cursor);
  cursor.acceptOneOf("local", "global");
  const temporary = cursor.acceptOneOf("temporary", "temp") !== undefined;
  if (cursor.acceptWords("table")) return parseCreateTable(cursor, temporary);
  if (temporary && cursor.isWord("view")) return skipRest(cursor, "CREATE TEMPORARY VIEW");
  const orReplace = cursor.acceptWords("or", "replace");
  const what = cursor.peek();
  if (what.kind !== "word" || !creatable.has(what.value)) throw cursor.unexpected();
  return skipRest(cursor, `CREATE ${orReplace ? "OR REPLACE " : ""}${what.value.toUpperCase()}`);
}

/** What Redshift can create and we cannot. */
const creatable: ReadonlySet<string> = new Set("database datashare external identity library masking model".split(" "));

function parseCreateSchema(cursor: TokenCursor): Statement {
  const ifNotExists = cursor.acceptWords("if", "not", "exists");
  if (cursor.isWord("authorization")) {
    cursor.take();
    const owner = parsePrincipalName(cursor);
    return { kind: "create-schema", name: owner, ifNotExists, owner };
  }
  const name = cursor.expectName();
  const owner = cursor.acceptWords("authorization") ? parsePrincipalName(cursor) : undefined;
  if (cursor.acceptWords("quota") && !cursor.acceptWords("unlimited")) {
    cursor.expectInteger();
    cursor.acceptOneOf("mb", "gb", "tb");
  }
  return { kind: "create-schema", name, ifNotExists, owner };
}

/** Grammar: Database Developer Guide, r_CREATE_EXTERNAL_SCHEMA; of its sources only KINESIS is built. */
function parseCreateExternalSchema(cursor: TokenCursor): Statement {
  const ifNotExists = cursor.acceptWords("if", "not", "exists");
  const name = cursor.expectName();
  cursor.expectWords("from");
  if (!cursor.acceptWords("kinesis")) {
    const source = cursor.peek();
    if (source.kind !== "word") throw cursor.unexpected();
    return skipRest(cursor, `CREATE EXTERNAL SCHEMA FROM ${source.value.toUpperCase()}`);
  }
  const region = cursor.acceptWords("region") ? cursor.expectString() : undefined;
  cursor.expectWords("iam_role");
  const roleArn = cursor.acceptWords("default") ? undefined : cursor.expectString();
  return { kind: "create-external-schema", name, ifNotExists, region, roleArn };
}

/** Table attributes come before AUTO REFRESH; after it they are a syntax error, as on Redshift. */
function parseCreateMaterializedView(cursor: TokenCursor): Statement {
  const name = cursor.expectQualifiedName();
  let attributes: TableAttributes = noAttributes;
  for (let next = parseTableAttribute(cursor, attributes); next !== undefined;) {
    attributes = next;
    next = parseTableAttribute(cursor, attributes);
  }
  const autoRefresh = cursor.acceptWords("auto", "refresh") && cursor.expectOneOf("yes", "no") === "yes";
  cursor.expectWords("as");
  return { kind: "create-materialized-view", name, attributes, autoRefresh, query: parseQuery(cursor) };
}

function parseCreateView(cursor: TokenCursor, orReplace: boolean): Statement {
  const name = cursor.expectQualifiedName();
  const columns = parseColumnNames(cursor);
  cursor.expectWords("as");
  const query = parseQuery(cursor);
  const lateBinding = cursor.acceptWords("with", "no", "schema", "binding");
  return { kind: "create-view", name, orReplace, columns, query, lateBinding };
}

function parseCreateTable(cursor: TokenCursor, temporary: boolean): Statement {
  const ifNotExists = cursor.acceptWords("if", "not", "exists");
  const name = cursor.expectQualifiedName();
  const isQuery = !cursor.isOperator("(") || cursor.isOperator(",", 2) || cursor.isOperator(")", 2);
  if (isQuery) return parseCreateTableAs(cursor, name, temporary);
  const columns: ColumnNode[] = [];
  const constraints: ConstraintNode[] = [];
  let like: LikeClause | undefined;
  cursor.inParentheses(() =>
    cursor.list(() => {
      if (cursor.acceptWords("like")) like = parseLike(cursor);
      else if (startsConstraint(cursor)) constraints.push(parseConstraint(cursor));
      else columns.push(parseColumn(cursor));
    }),
  );
  let attributes: TableAttributes = {
    ...noAttributes,
    distKey: columns.find((column) => column.distKey)?.name,
    sortKeys: columns.filter((column) => column.sortKey).map((column) => column.name),
  };
  cursor.acceptWords("backup", "yes");
  for (let next = parseTableAttribute(cursor, attributes); next !== undefined;) {
    attributes = next;
    next = parseTableAttribute(cursor, attributes);
  }
  const all = [...columns.flatMap((column) => column.constraints), ...constraints];
  return { kind: "create-table", name, temporary, ifNotExists, columns, constraints: all, like, attributes };
}

function parseLike(cursor: TokenCursor): LikeClause {
  const table = cursor.expectQualifiedName();
  const word = cursor.acceptOneOf("including", "excluding");
  if (word !== undefined) cursor.expectWords("defaults");
  return { table, defaults: word === "including" };
}

function parseCreateTableAs(cursor: TokenCursor, name: NamePart[], temporary: boolean): Statement {
  const columns = parseColumnNames(cursor);
  let attributes: TableAttributes = noAttributes;
  for (let next = parseTableAttribute(cursor, attributes); next !== undefined;) {
    attributes = next;
    next = parseTableAttribute(cursor, attributes);
  }
  cursor.expectWords("as");
  return { kind: "create-table-as", name, temporary, columns, attributes, query: parseQuery(cursor) };
}

function parseColumnNames(cursor: TokenCursor): NamePart[] {
  return cursor.isOperator("(") ? cursor.inParentheses(() => cursor.list(() => cursor.expectName())) : [];
}
