import { builtFunctions } from "../sql/bind-function.ts";
import type { Expression, FromItem, Query, QueryBody } from "../sql/tree.ts";
import type { Catalogue } from "./catalogue.ts";
import type { MaterializedViewObject, ViewObject } from "./catalogue-object.ts";
import { viewQuery } from "./relation-lookup.ts";

/**
 * Views whose rows may be kept beside a streaming view and added to as it grows, since each row of them comes from one row of it and
 * from nothing else: selections, projections, unnesting and UNION ALL. Only views that no other view reads are kept, and none that
 * would copy the SUPER values of every row.
 */
export function keepableViews(view: MaterializedViewObject, catalogue: Catalogue): readonly ViewObject[] {
  return reachableFrom(view.oid, catalogue).filter(
    (candidate) =>
      catalogue.dependentsOf(candidate.oid).length === 0 &&
      (hasWhere(viewQuery(candidate)) || candidate.columns.every((column) => column.type.name !== "super")) &&
      isByRow(candidate, view.oid, catalogue),
  );
}

function reachableFrom(oid: number, catalogue: Catalogue): readonly ViewObject[] {
  const found = new Map<number, ViewObject>();
  const visit = (target: number): void => {
    for (const dependent of catalogue.dependentsOf(target)) {
      if (dependent.kind !== "view" || found.has(dependent.oid)) continue;
      found.set(dependent.oid, dependent);
      visit(dependent.oid);
    }
  };
  visit(oid);
  return [...found.values()];
}

/** Whether each row of a view comes from one row of the streaming view. */
function isByRow(view: ViewObject, sourceOid: number, catalogue: Catalogue): boolean {
  if (view.lateBinding) return false;
  return (
    isQueryByRow(viewQuery(view)) &&
    view.references.every(([, oid]) => {
      const object = catalogue.get(oid);
      return oid === sourceOid || (object?.kind === "view" && isByRow(object, sourceOid, catalogue));
    })
  );
}

function isQueryByRow(query: Query): boolean {
  const isPlain =
    query.ctes.length === 0 && query.orderBy.length === 0 && query.limit === undefined && query.offset === undefined;
  return isPlain && isBodyByRow(query.body);
}

function isBodyByRow(body: QueryBody): boolean {
  if (body.kind === "query") return isQueryByRow(body);
  if (body.kind === "set")
    return body.operator === "union" && body.all && isBodyByRow(body.left) && isBodyByRow(body.right);
  if (body.kind === "values") return false;
  const { distinct, top, hierarchy, groupBy, having, qualify, items, where } = body;
  if (
    hierarchy !== undefined ||
    distinct ||
    top !== undefined ||
    groupBy.length > 0 ||
    having !== undefined ||
    qualify !== undefined
  )
    return false;
  return isFromByRow(body.from) && [...items.map((item) => item.expression), where].every(isExpressionByRow);
}

/** One relation, and after it only paths into it. */
function isFromByRow([first, ...rest]: readonly FromItem[]): boolean {
  if (first === undefined) return false;
  if (first.kind === "derived")
    return isQueryByRow(first.query) && rest.every((item) => isPathOf(item, first.alias?.text));
  if (first.kind !== "relation" || first.steps.length > 0 || first.index !== undefined) return false;
  return rest.every((item) => isPathOf(item, (first.alias ?? first.name.at(-1)!).text));
}

function isPathOf(item: FromItem, alias: string | undefined): boolean {
  if (item.kind !== "relation") return false;
  return item.name.length > 1 && item.name[0]!.text.toLowerCase() === alias?.toLowerCase();
}

/** Functions of many rows, of the moment or of the session. */
const otherFunctions: ReadonlySet<string> = new Set(
  `any_value avg bool_and bool_or count current_database current_date current_schema current_time current_timestamp
  current_user current_setting current_user_id every getdate has_column_privilege
  has_database_privilege has_schema_privilege has_table_privilege listagg localtime localtimestamp max median min now percentile_cont
  percentile_disc pg_backend_pid pg_cancel_backend pg_get_userbyid pg_terminate_backend random role_is_member_of session_user set_config stddev stddev_pop stddev_samp sum sysdate timeofday user user_is_member_of var_pop
  var_samp variance`.split(/\s+/),
);

/** Functions in SQL are none, as they may call any other. */
const isFunctionByRow = (name: string) => builtFunctions.has(name) && !otherFunctions.has(name);

function isExpressionByRow(expression: Expression | undefined): boolean {
  let byRow = true;
  visit(expression, (node) => {
    if (node.kind === "subquery" || node.kind === "exists" || node.kind === "quantified") byRow = false;
    if (node.kind === "in" && "kind" in node.list) byRow = false;
    if (node.kind === "function" && (node.over !== undefined || !isFunctionByRow(node.name.at(-1)!.text.toLowerCase())))
      byRow = false;
  });
  return byRow;
}

function hasWhere(query: Query): boolean {
  const inBody = (body: QueryBody): boolean => {
    if (body.kind === "query") return hasWhere(body);
    if (body.kind === "set") return inBody(body.left) && inBody(body.right);
    if (body.kind === "values") return false;
    const [first] = body.from;
    return body.where !== undefined || (first?.kind === "derived" && hasWhere(first.query));
  };
  return inBody(query.body);
}

/** Calls `see` for every expression in a part of the tree. */
export function visit(node: unknown, see: (expression: Expression) => void): void {
  if (Array.isArray(node)) for (const child of node) visit(child, see);
  else if (typeof node === "object" && node !== null) {
    if ("kind" in node && "at" in node) see(node as Expression);
    for (const child of Object.values(node)) visit(child, see);
  }
}
