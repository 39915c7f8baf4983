import type { BindContext } from "./bind-context.ts";
import { bindFunction } from "./bind-function.ts";
import { bindName } from "./bind-name.ts";
import { bindQuery, type BoundQuery } from "./bind-query.ts";
import type { Bound } from "./bound.ts";
import { castTo, coerce, settle, unknownLiteral } from "./cast.ts";
import { likePattern } from "./like.ts";
import { applyOperator, asCondition, compare, compareRows, trimmed } from "./operators.ts";
import { Scope } from "./scope.ts";
import { SqlError } from "./sql-error.ts";
import { commonType, isNumber, isText, numeric, plainTypeText, resolveType, types, type SqlType } from "./sql-type.ts";
import { foldAttribute, foldName } from "./bind-context.ts";
import { groupedSuper } from "./super-groups.ts";
import { superChanged } from "./functions/super.ts";
import { castStrictly, stepInto, stepIntoIndex, stepStrictly, superKey, superKind, superOf } from "./super-value.ts";
import { textToInterval } from "./text-to-moment.ts";
import { atTimeZone } from "./time-zone.ts";
import type { Expression, Step } from "./tree.ts";

/** Resolves the names of an expression, finds its type and writes it for DuckDB. Throws SqlError for what Redshift would refuse. */
export function bindExpression(node: Expression, scope: Scope, context: BindContext): Bound {
  const bound = bindNode(node, scope, context);
  context.notes?.type(node, bound.type);
  if (bound.type.name !== "super") return bound;
  const grouped = groupedSuper(bound, scope) ?? bound;
  return context.superModes.castsStrictly ? castStrictly(grouped) : grouped;
}

function bindNode(node: Expression, scope: Scope, context: BindContext): Bound {
  const bind = (child: Expression) => bindExpression(child, scope, context);
  switch (node.kind) {
    case "string":
      return unknownLiteral(node.value);
    case "number":
      return numberLiteral(node.value);
    case "null":
      return { sql: "NULL", type: types.unknown, constant: null };
    case "boolean":
      return { sql: String(node.value), type: types.bool, label: "bool" };
    case "parameter":
      return bindParameter(node.name, context, node.at);
    case "name":
      return bindName(node.parts, scope, context);
    case "navigate":
      return node.steps.reduce((value, step) => bindStep(value, step, scope, context), bind(node.target));
    case "unary":
      if (node.operator === "not" && node.operand.kind === "in" && node.operand.operand.kind === "row")
        return bindIn({ ...node.operand, negated: !node.operand.negated }, scope, context);
      if (node.operator === "prior") return bindPrior(node, scope, context);
      return bindUnary(node.operator, bind(node.operand));
    case "binary":
      if (node.left.kind === "row" && node.right.kind === "row")
        return compareRows(node.operator, node.left.items.map(bind), node.right.items.map(bind));
      return { ...applyOperator(node.operator, bind(node.left), bind(node.right)) };
    case "is":
      return bindIs(bind(node.operand), node.test, node.negated);
    case "in":
      return bindIn(node, scope, context);
    case "between":
      return bindBetween(bind(node.operand), bind(node.low), bind(node.high), node.negated);
    case "like":
      return likePattern(node, bind);
    case "case":
      return bindCase(node, bind);
    case "cast":
      return bindCast(node, bind(node.operand));
    case "interval":
      return textToInterval(unknownLiteral(node.value), node.unit);
    case "at-time-zone":
      return bindZone(bind(node.operand), bind(node.zone));
    case "subquery":
      return scalarSubquery(node.query, scope, context);
    case "exists":
      return {
        sql: `EXISTS (${bindQuery(node.query, new Scope(scope), context).render()})`,
        type: types.bool,
        label: "exists",
      };
    case "quantified":
      return bindQuantified(node, scope, context);
    case "function":
      return bindFunction(node, scope, context);
    case "star":
      throw new SqlError('syntax error at or near "*"', { sqlState: "42601", position: node.at + 1 });
    case "row":
      throw new SqlError("row constructors are not built in the local Redshift", { position: node.at + 1 });
  }
}

function numberLiteral(text: string): Bound {
  if (text.includes("e") || text.includes("E")) return { sql: text, type: types.float8, constant: text };
  if (!text.includes(".")) {
    const value = BigInt(text);
    if (value <= 2_147_483_647n) return { sql: text, type: types.int4, constant: text };
    if (value <= 9_223_372_036_854_775_807n)
      return { sql: `CAST(${text} AS BIGINT)`, type: types.int8, constant: text };
    return { sql: `CAST(${text} AS DECIMAL(38,0))`, type: numeric(Math.min(38, text.length), 0), constant: text };
  }
  const [whole = "", fraction = ""] = text.split(".");
  const precision = Math.min(38, Math.max(1, whole.replace(/^0+/, "").length + fraction.length));
  const type = numeric(Math.max(precision, fraction.length), Math.min(38, fraction.length));
  return { sql: `CAST(${text} AS DECIMAL(${type.precision},${type.scale}))`, type, constant: text };
}

function bindParameter(name: string, context: BindContext, at: number): Bound {
  const value = context.parameter(name);
  if (value === undefined)
    throw new SqlError(`there is no parameter :${name}`, { sqlState: "42P02", position: at + 1 });
  return unknownLiteral(value);
}

/** A step into an expression, which has to be SUPER. */
export function bindStep(value: Bound, step: Step, scope: Scope, context: BindContext): Bound {
  if (value.type.name !== "super")
    throw new SqlError(`navigation on column "${value.label ?? "?"}" is not allowed as it is not SUPER type`, {
      sqlState: "42809",
    });
  const into = context.superModes.navigatesStrictly ? stepStrictly : stepInto;
  const { settings } = context;
  if ("field" in step) return into(value, foldAttribute(step.field, settings), foldName(step.field, settings));
  const index = bindExpression(step.index, scope, context);
  if (index.type.name === "unknown") return into(value, index.constant ?? "");
  if (index.constant != null && Number.isInteger(Number(index.constant))) return into(value, Number(index.constant));
  return stepIntoIndex(value, coerce(index, types.int8).sql);
}

/** An expression over the parent of a row. */
function bindPrior(node: Extract<Expression, { kind: "unary" }>, scope: Scope, context: BindContext): Bound {
  if (scope.prior === undefined)
    throw new SqlError("PRIOR is only allowed in a query with CONNECT BY, outside of START WITH", {
      sqlState: "42601",
      position: node.at + 1,
    });
  return bindExpression(node.operand, scope.prior, context);
}

function bindUnary(operator: string, operand: Bound): Bound {
  if (operator === "not") return { sql: `(NOT ${asCondition(operand, "not")})`, type: types.bool };
  if (operand.type.name === "super" && (operator === "-" || operator === "+"))
    return operator === "-" ? superChanged("negate", operand) : applyOperator("+", zero, operand);
  const value = operand.type.name === "unknown" ? coerce(operand, types.float8) : operand;
  if (operator === "~" && value.type.name === "varbyte")
    return { sql: `millrace_bytes_not(${value.sql})`, type: value.type };
  if (operator === "-" && value.type.name === "interval") return { sql: `(-${value.sql})`, type: value.type };
  if (!isNumber(value.type))
    throw new SqlError(`operator does not exist: ${operator} ${plainTypeText(value.type)}`, { sqlState: "42883" });
  if (operator === "+") return value;
  if (operator === "@") return { sql: `abs(${value.sql})`, type: value.type };
  const constant = value.constant == null || operator !== "-" ? {} : { constant: `-${value.constant}` };
  return { sql: `(${operator}${value.sql})`, type: value.type, ...constant };
}

/** JSON null of SUPER counts as NULL (UNCONFIRMED: the documents show JSON_TYPEOF 'null' and say nothing of IS NULL). */
function bindIs(operand: Bound, test: "null" | "true" | "false" | "unknown", negated: boolean): Bound {
  const not = negated ? " NOT" : "";
  if (test === "null" && operand.type.name === "super") {
    const kind = superKind(operand);
    return {
      sql: negated ? `(coalesce(${kind}, 'NULL') <> 'NULL')` : `(coalesce(${kind}, 'NULL') = 'NULL')`,
      type: types.bool,
    };
  }
  if (test === "null") return { sql: `(${operand.sql} IS${not} NULL)`, type: types.bool };
  const word = test === "unknown" ? "NULL" : test.toUpperCase();
  return { sql: `(${asCondition(operand, "is")} IS${not} ${word})`, type: types.bool };
}

function bindIn(node: Extract<Expression, { kind: "in" }>, scope: Scope, context: BindContext): Bound {
  if (node.operand.kind === "row") return bindRowIn(node.operand.items, node, scope, context);
  const operand = bindExpression(node.operand, scope, context);
  const not = node.negated ? "NOT " : "";
  if ("kind" in node.list) {
    const query = bindQuery(node.list, new Scope(scope), context);
    const column = query.columns[0]!;
    if (query.columns.length !== 1) throw new SqlError("subquery has too many columns", { sqlState: "42601" });
    const common = commonType(operand.type, column.type);
    if (common?.name === "super") return { sql: `(${keyOf(operand)} ${not}IN (${keysOf(query)}))`, type: types.bool };
    const left = common === undefined ? operand : coerce(operand, common);
    return { sql: `(${trimmed(left)} ${not}IN (${trimmedColumn(query.render(), column.type)}))`, type: types.bool };
  }
  const items = node.list.map((item) => bindExpression(item, scope, context));
  const simple = operand.type.name !== "super" && items.every((item) => item.type.name !== "super");
  const common = simple ? commonOf([operand, ...items]) : undefined;
  if (common === undefined) {
    const tests = items.map((item) => compare("=", operand, item)).join(" OR ");
    return { sql: `(${not}(${tests}))`, type: types.bool };
  }
  const list = items.map((item) => trimmed(coerce(item, common))).join(", ");
  return { sql: `(${trimmed(coerce(operand, common))} ${not}IN (${list}))`, type: types.bool };
}

/** A query's only column without the blanks behind its text. */
function trimmedColumn(query: string, type: SqlType): string {
  return isText(type) ? `SELECT rtrim(c0, ' ') FROM (${query}) AS q` : query;
}

/** `(a, b) IN …`. With NOT, a row that a NULL alone keeps from being equal makes the answer unknown; without, it is none that counts. */
function bindRowIn(
  nodes: readonly Expression[],
  node: Extract<Expression, { kind: "in" }>,
  scope: Scope,
  context: BindContext,
): Bound {
  const operand = nodes.map((item) => bindExpression(item, scope, context));
  const not = node.negated ? "NOT " : "";
  if (!("kind" in node.list)) {
    const tests = node.list.map((row) => {
      if (row.kind !== "row") throw new SqlError("unequal number of entries in row expressions", { sqlState: "42601" });
      return compareRows(
        "=",
        operand,
        row.items.map((item) => bindExpression(item, scope, context)),
      ).sql;
    });
    return { sql: `(${not}(${tests.join(" OR ")}))`, type: types.bool };
  }
  const query = bindQuery(node.list, new Scope(scope), context);
  const name = `q${context.nextNumber()}`;
  const fields = query.columns.map((column, index): Bound => ({ sql: `${name}.c${index}`, type: column.type }));
  const same = compareRows("=", operand, fields).sql;
  const exists = (condition: string) => `EXISTS (SELECT 1 FROM (${query.render()}) AS ${name} WHERE ${condition})`;
  if (!node.negated) return { sql: exists(same), type: types.bool };
  const sql = `(CASE WHEN ${exists(same)} THEN false WHEN ${exists(`(${same}) IS NULL`)} THEN NULL ELSE true END)`;
  return { sql, type: types.bool };
}

function commonOf(bounds: readonly Bound[]): SqlType | undefined {
  const all = bounds.reduce<SqlType | undefined>(
    (type, bound) => (type === undefined ? undefined : commonType(type, bound.type)),
    types.unknown,
  );
  return all?.name === "unknown" ? types.text : all;
}

function bindBetween(operand: Bound, low: Bound, high: Bound, negated: boolean): Bound {
  const sql = `(${compare(">=", operand, low)} AND ${compare("<=", operand, high)})`;
  return { sql: negated ? `(NOT ${sql})` : sql, type: types.bool };
}

function bindCase(node: Extract<Expression, { kind: "case" }>, bind: (child: Expression) => Bound): Bound {
  const operand = node.operand && bind(node.operand);
  const conditions = node.whens.map(({ when }) =>
    operand === undefined ? asCondition(bind(when), "case/when") : compare("=", operand, bind(when)),
  );
  const results = node.whens.map(({ then }) => bind(then));
  const otherwise = node.otherwise && bind(node.otherwise);
  const unified = unify(otherwise === undefined ? results : [...results, otherwise], "CASE");
  const branches = conditions.map((condition, index) => `WHEN ${condition} THEN ${unified.items[index]!.sql}`);
  const last = otherwise === undefined ? "" : ` ELSE ${unified.items.at(-1)!.sql}`;
  return { sql: `(CASE ${branches.join(" ")}${last} END)`, type: unified.type, label: "case" };
}

/** Expressions as the one type that they have in common. Throws `CASE types x and y cannot be matched`. */
export function unify(bounds: readonly Bound[], what: string): { type: SqlType; items: Bound[] } {
  let type: SqlType = types.unknown;
  for (const bound of bounds) {
    const next = commonType(type, bound.type);
    if (next === undefined)
      throw new SqlError(`${what} types ${plainTypeText(type)} and ${plainTypeText(bound.type)} cannot be matched`, {
        sqlState: "42804",
      });
    type = next;
  }
  if (type.name === "unknown") {
    const items = bounds.map(settle);
    return { type: { name: "varchar", length: Math.max(1, ...items.map((item) => item.type.length ?? 1)) }, items };
  }
  const fitted = type.name === "varchar" ? { ...type, length: Math.max(...bounds.map(textLength)) } : type;
  return { type: fitted, items: bounds.map((bound) => coerce(bound, fitted, what)) };
}

const textLength = (bound: Bound) =>
  bound.type.name === "unknown" ? Buffer.byteLength(bound.constant ?? "") || 1 : (bound.type.length ?? 65_535);

function bindCast(node: Extract<Expression, { kind: "cast" }>, operand: Bound): Bound {
  if (node.type.name === "interval") return castTo(operand, types.interval);
  return castTo(operand, resolveType(node.type, "cast"), node.lenient);
}

function bindZone(operand: Bound, zone: Bound): Bound {
  const moment = operand.type.name === "unknown" ? coerce(operand, types.timestamp) : operand;
  return { ...atTimeZone(moment, zone), label: "timezone" };
}

function scalarSubquery(query: Extract<Expression, { kind: "subquery" }>["query"], scope: Scope, context: BindContext) {
  const bound = bindQuery(query, new Scope(scope), context);
  const column = bound.columns[0]!;
  if (bound.columns.length !== 1) throw new SqlError("subquery must return only one column", { sqlState: "42601" });
  return { sql: `(${bound.render()})`, type: column.type, label: column.name };
}

const zero: Bound = { sql: "0", type: types.int4, constant: "0" };

/** SUPER compares by its keys, whatever the other side is. */
const keyOf = (bound: Bound) => superKey(castTo(bound, types.super));

function keysOf(query: BoundQuery): string {
  query.retype(0, types.super);
  return `SELECT ${superKey(superOf("q.c0"))} FROM (${query.render()}) AS q`;
}

function bindQuantified(node: Extract<Expression, { kind: "quantified" }>, scope: Scope, context: BindContext): Bound {
  const query = bindQuery(node.query, new Scope(scope), context);
  const column = query.columns[0]!;
  const operand = bindExpression(node.operand, scope, context);
  const common = commonType(operand.type, column.type) ?? column.type;
  if (common.name === "super") {
    if (node.operator !== "=" && node.operator !== "<>")
      throw new SqlError(
        `${node.operator} ${node.quantifier.toUpperCase()} on SUPER is not built in the local Redshift`,
      );
    const test = `(${keyOf(operand)} ${node.operator} ${node.quantifier.toUpperCase()} (${keysOf(query)}))`;
    return { sql: test, type: types.bool };
  }
  const left = coerce(operand, common);
  return {
    sql: `(${trimmed(left)} ${node.operator} ${node.quantifier.toUpperCase()} (${trimmedColumn(query.render(), column.type)}))`,
    type: types.bool,
  };
}
