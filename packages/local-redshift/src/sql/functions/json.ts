import { coerce } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { types } from "../sql-type.ts";
import { stepInto, superOf, superText } from "../super-value.ts";
import { define, noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const { text, bool, int4 } = types;

/** `json_extract_path_text(json, p1 [, …] [, null_if_invalid])`, on text. */
const extractPathText: FunctionBinder = (call) => {
  const [document, ...rest] = call.args;
  if (document === undefined || rest.length === 0) throw noSuch(call);
  const last = rest.at(-1)!;
  const lenient = last.type.name === "bool" && last.sql === "true";
  const steps = (last.type.name === "bool" ? rest.slice(0, -1) : rest).map((step) => {
    if (step.constant == null)
      throw new SqlError("json_extract_path_text with a path that is not constant is not built in the local Redshift");
    return step.constant;
  });
  const source = coerce(document, text).sql;
  const found = superText(steps.reduce((bound, step) => stepInto(bound, step), superOf(`CAST(${source} AS JSON)`)));
  const invalid = lenient ? "NULL" : `error('JSON parsing error')`;
  return {
    sql: `(CASE WHEN ${source} IS NULL THEN NULL WHEN millrace_can_json_parse(${source}) THEN ${found} ELSE ${invalid} END)`,
    type: text,
  };
};

const validKind =
  (kind: "OBJECT" | "ARRAY"): FunctionBinder =>
  (call) => {
    const source = coerce(call.args[0] ?? missing(call), text).sql;
    return {
      sql: `(CASE WHEN millrace_can_json_parse(${source}) THEN json_type(CAST(${source} AS JSON)) = '${kind}' WHEN ${source} IS NOT NULL THEN false END)`,
      type: bool,
    };
  };

const missing = (call: FunctionCall): never => {
  throw noSuch(call);
};

/** Functions on text that holds JSON; those on SUPER are in `super.ts`. */
export const jsonFunctions: Readonly<Record<string, FunctionBinder>> = {
  is_valid_json: validKind("OBJECT"),
  is_valid_json_array: validKind("ARRAY"),
  json_array_length: define([text], int4, (a) => `CAST(json_array_length(CAST(${a} AS JSON)) AS INTEGER)`),
  json_extract_path_text: extractPathText,
};
