import type { Bound } from "../bound.ts";
import { coerce } from "../cast.ts";
import { raise } from "../raise.ts";
import { SqlError } from "../sql-error.ts";
import { types } from "../sql-type.ts";
import { stepInto, superOf, superText } from "../super-value.ts";
import { noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const { text, bool, int4 } = types;

/** Whether the argument `null_if_invalid` asks for NULL instead of an error. */
const isLenient = (bound: Bound | undefined) => bound?.type.name === "bool" && bound.sql === "true";

/** `json_extract_path_text(json, p1 [, …] [, null_if_invalid])`, on text. */
const extractPathText: FunctionBinder = (call) => {
  const [document, ...rest] = call.args;
  if (document === undefined || rest.length === 0) throw noSuch(call);
  const last = rest.at(-1)!;
  const lenient = isLenient(last);
  const steps = (last.type.name === "bool" ? rest.slice(0, -1) : rest).map((step) => {
    if (step.constant == null)
      throw new SqlError("json_extract_path_text with a path that is not constant is not built in the local Redshift");
    return step.constant;
  });
  const source = coerce(document, text).sql;
  const found = superText(steps.reduce((bound, step) => stepInto(bound, step), superOf(`CAST(${source} AS JSON)`)));
  const invalid = lenient ? "NULL" : raise("JSON parsing error");
  return {
    sql: `(CASE WHEN ${source} IS NULL THEN NULL WHEN millrace_can_json_parse(${source}) THEN ${found} ELSE ${invalid} END)`,
    type: text,
  };
};

/** What a function on an array gives: NULL or an error for text that is no JSON, or no array. */
function onArray(source: string, lenient: boolean, value: string): string {
  const invalid = lenient ? "NULL" : raise("JSON parsing error");
  const isArray = `(millrace_can_json_parse(${source}) AND json_type(CAST(${source} AS JSON)) = 'ARRAY')`;
  return `(CASE WHEN ${source} IS NULL THEN NULL WHEN ${isArray} THEN ${value} ELSE ${invalid} END)`;
}

/** `json_array_length(json [, null_if_invalid])`. */
const arrayLength: FunctionBinder = (call) => {
  const source = coerce(call.args[0] ?? missing(call), text).sql;
  if (call.args.length > 2) throw noSuch(call);
  const length = `CAST(json_array_length(CAST(${source} AS JSON)) AS INTEGER)`;
  return { sql: onArray(source, isLenient(call.args[1]), length), type: int4 };
};

/** `json_extract_array_element_text(json, index [, null_if_invalid])`; nothing for an index that the array has not. */
const extractElementText: FunctionBinder = (call) => {
  const [document, index, lenient] = call.args;
  if (document === undefined || index === undefined || call.args.length > 3) throw noSuch(call);
  const source = coerce(document, text).sql;
  const at = coerce(index, int4).sql;
  const element = `json_extract_string(CAST(${source} AS JSON), '$[' || ${at} || ']')`;
  const inside = `${at} >= 0 AND ${at} < json_array_length(CAST(${source} AS JSON))`;
  const value = `CASE WHEN ${inside} THEN ${element} WHEN ${at} IS NOT NULL THEN '' END`;
  return { sql: onArray(source, isLenient(lenient), value), type: text };
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
  json_array_length: arrayLength,
  json_extract_array_element_text: extractElementText,
  json_extract_path_text: extractPathText,
};
