import { quoteText, type Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { types, varchar } from "../sql-type.ts";
import { define, noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

/** Names of the types that have no length, by PostgreSQL's numbers. */
const typeNames: readonly (readonly [oid: number, name: string])[] = [
  [16, "boolean"],
  [19, "name"],
  [20, "bigint"],
  [21, "smallint"],
  [23, "integer"],
  [25, "text"],
  [26, "oid"],
  [700, "real"],
  [701, "double precision"],
  [705, '"unknown"'],
  [1082, "date"],
  [1083, "time without time zone"],
  [1114, "timestamp without time zone"],
  [1184, "timestamp with time zone"],
  [1186, "interval"],
  [1266, "time with time zone"],
  [4000, "super"],
];

/** Type number and modifier as SQL writes the type: `character varying(256)`. NULL for a number that is none. */
function formatType(oid: string, modifier: string): string {
  const named = typeNames.map(([number, name]) => `WHEN ${number} THEN ${quoteText(name)}`).join(" ");
  const length = `CASE WHEN ${modifier} > 4 THEN '(' || (${modifier} - 4) || ')' ELSE '' END`;
  const digits = `CASE WHEN ${modifier} > 4 THEN '(' || ((${modifier} - 4) >> 16) || ',' || ((${modifier} - 4) & 65535) || ')' ELSE '' END`;
  return (
    `(CASE ${oid} ${named} WHEN 1042 THEN 'character' || ${length} WHEN 1043 THEN 'character varying' || ${length} ` +
    `WHEN 1700 THEN 'numeric' || ${digits} WHEN 6551 THEN 'binary varying' || ${length} END)`
  );
}

/** A value of a system view in the row that the condition names; the view's columns are those of `r`. */
function lookUp(
  call: FunctionCall,
  view: readonly [schema: string, name: string],
  value: string,
  condition: string,
): Bound {
  const source = call.context.findRelation(view);
  if (source.kind !== "stored") throw new Error(`${view.join(".")} is no system view`);
  const alias = `r${call.context.nextNumber()}`;
  const text = `(SELECT max(${alias}.${value}) FROM ${source.sql} AS ${alias} WHERE ${condition.replaceAll("r.", `${alias}.`)})`;
  return { sql: text, type: types.text };
}

const numberOf = (call: FunctionCall, index: number) => `CAST(${coerce(call.args[index]!, types.int8).sql} AS BIGINT)`;

function between(call: FunctionCall, least: number, most: number): void {
  if (call.args.length < least || call.args.length > most) throw noSuch(call);
}

const viewDefinition: FunctionBinder = (call) => {
  between(call, 1, 2);
  if (call.args[0]!.type.name === "varchar" || call.args[0]!.type.name === "unknown")
    throw new SqlError("pg_get_viewdef of a view's name is not built in the local Redshift, which takes its number");
  return lookUp(call, ["pg_internal", "view_definitions"], "definition", `r.oid = ${numberOf(call, 0)}`);
};

const objectDescription: FunctionBinder = (call) => {
  between(call, 1, 2);
  const condition = `r.objsubid = 0 AND r.objoid = ${numberOf(call, 0)}`;
  return lookUp(call, ["pg_catalog", "pg_description"], "description", condition);
};

const columnDescription: FunctionBinder = (call) => {
  between(call, 2, 2);
  const condition = `r.objoid = ${numberOf(call, 0)} AND r.objsubid = ${numberOf(call, 1)}`;
  return lookUp(call, ["pg_catalog", "pg_description"], "description", condition);
};

const encodings = "none raw az64 bytedict delta delta32k lzo mostly8 mostly16 mostly32 runlength text255 text32k zstd";

/** Numbers of encodings as `pg_attribute.attencodingtype` has them; they are ours (UNCONFIRMED). */
export const encodingNumbers: ReadonlyMap<string, number> = new Map(
  encodings.split(" ").map((encoding, index) => [encoding, index]),
);

const formatEncoding = (number: string) =>
  `(CASE ${number} ${[...encodingNumbers].map(([name, index]) => `WHEN ${index} THEN ${quoteText(name)}`).join(" ")} END)`;

/** Functions by which tools read the catalogue. Sources: dbt-redshift, sqlalchemy-redshift, redshift_connector; PostgreSQL 8.0, functions-info. */
export const catalogFunctions: Readonly<Record<string, FunctionBinder>> = {
  col_description: columnDescription,
  format_encoding: define([types.int4], varchar(32), formatEncoding),
  format_type: define([types.int8, types.int4], types.text, formatType),
  obj_description: objectDescription,
  pg_function_is_visible: define([types.int8], types.bool, (number) => `(${number} IS NOT NULL)`),
  pg_get_constraintdef: define([types.int8, types.bool], types.text, () => "CAST(NULL AS VARCHAR)", 1),
  pg_get_expr: define([types.text, types.int8, types.bool], types.text, (text) => text, 1),
  pg_get_viewdef: viewDefinition,
  pg_table_is_visible: (call) => {
    between(call, 1, 1);
    const { searchPath } = call.context.settings;
    const schemas = ["pg_catalog", ...searchPath].map(quoteText).join(", ");
    const [classes, namespaces] = ["pg_class", "pg_namespace"].map((name) =>
      call.context.findRelation(["pg_catalog", name]),
    );
    if (classes?.kind !== "stored" || namespaces?.kind !== "stored") throw new Error("pg_class is no system view");
    const joined = `${classes.sql} AS c JOIN ${namespaces.sql} AS n ON n.oid = c.relnamespace`;
    const found = `SELECT c.oid FROM ${joined} WHERE n.nspname IN (${schemas})`;
    return { sql: `(${numberOf(call, 0)} IN (${found}))`, type: types.bool };
  },
};
