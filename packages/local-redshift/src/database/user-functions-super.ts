import { BIGINT, BLOB, BOOLEAN, INTEGER, VARCHAR } from "@duckdb/node-api";
import * as supers from "../sql/super-functions.ts";
import { userFunction, type UserFunction } from "./user-function.ts";

const bytesOf = (text: string) => Buffer.from(text, "utf8");

/** Functions on SUPER; what they do is in super-functions.ts. */
export const superFunctions: readonly UserFunction[] = [
  userFunction("can_json_parse", [VARCHAR], BOOLEAN, (text) => supers.canParse(bytesOf(text), "")),
  userFunction("super_parse", [VARCHAR, VARCHAR], VARCHAR, (text, options) => supers.parse(bytesOf(text), options)),
  userFunction("super_parse_bytes", [BLOB, VARCHAR], VARCHAR, ({ bytes }, options) => supers.parse(bytes, options)),
  userFunction("super_can_parse", [VARCHAR, VARCHAR], BOOLEAN, (text, options) =>
    supers.canParse(bytesOf(text), options),
  ),
  userFunction("super_can_parse_bytes", [BLOB, VARCHAR], BOOLEAN, ({ bytes }, options) =>
    supers.canParse(bytes, options),
  ),
  userFunction("super_value", [VARCHAR, VARCHAR], VARCHAR, supers.readValue),
  userFunction("super_text", [VARCHAR, VARCHAR], VARCHAR, supers.readText),
  userFunction("super_scalar", [VARCHAR, VARCHAR], VARCHAR, supers.readScalar),
  userFunction("super_kind", [VARCHAR, VARCHAR], VARCHAR, supers.readKind),
  userFunction("super_strict", [VARCHAR, VARCHAR], VARCHAR, supers.readStrictly),
  userFunction("super_element", [VARCHAR, BIGINT], VARCHAR, supers.elementAt),
  userFunction("super_parts", [VARCHAR, VARCHAR], VARCHAR, supers.partsOf),
  userFunction("super_number", [VARCHAR], VARCHAR, supers.makeNumber),
  userFunction("super_float", [VARCHAR], VARCHAR, supers.makeFloat),
  userFunction("super_compose", [VARCHAR], VARCHAR, supers.compose),
  userFunction("super_object", [VARCHAR], VARCHAR, supers.makeObject),
  userFunction("super_key", [VARCHAR], VARCHAR, supers.key),
  userFunction("super_order", [VARCHAR, VARCHAR], INTEGER, supers.order),
  userFunction("super_calculate", [VARCHAR, VARCHAR, VARCHAR], VARCHAR, supers.calculate),
  userFunction("super_change", [VARCHAR, VARCHAR], VARCHAR, supers.change),
  userFunction("super_sum", [VARCHAR], VARCHAR, supers.sumOf),
  userFunction("super_avg", [VARCHAR], VARCHAR, supers.averageOf),
  userFunction("super_precision", [VARCHAR], INTEGER, supers.decimalPrecision),
  userFunction("super_scale", [VARCHAR], INTEGER, supers.decimalScale),
  userFunction("array_concat", [VARCHAR, VARCHAR], VARCHAR, supers.concatArrays),
  userFunction("array_flatten", [VARCHAR], VARCHAR, supers.flattenArray),
  userFunction("subarray", [VARCHAR, BIGINT, BIGINT], VARCHAR, supers.subarray),
  userFunction("split_to_array", [VARCHAR, VARCHAR], VARCHAR, supers.splitText),
  userFunction("array_contains", [VARCHAR, VARCHAR, BOOLEAN], BOOLEAN, supers.arrayContains),
  userFunction("array_position", [VARCHAR, VARCHAR, BOOLEAN], INTEGER, supers.arrayPosition),
  userFunction("array_positions", [VARCHAR, VARCHAR, BOOLEAN], VARCHAR, supers.arrayPositions),
  userFunction("array_distinct", [VARCHAR], VARCHAR, supers.arrayDistinct),
  userFunction("array_union", [VARCHAR, VARCHAR], VARCHAR, supers.arrayUnion),
  userFunction("array_intersection", [VARCHAR, VARCHAR, BOOLEAN], VARCHAR, supers.arrayIntersection),
  userFunction("array_except", [VARCHAR, VARCHAR, BOOLEAN], VARCHAR, supers.arrayExcept),
  userFunction("arrays_overlap", [VARCHAR, VARCHAR], BOOLEAN, supers.arraysOverlap),
  userFunction("array_sort", [VARCHAR, BOOLEAN, BOOLEAN], VARCHAR, supers.arraySort),
  userFunction("rename_attributes", [VARCHAR, BOOLEAN], VARCHAR, supers.renameAttributes),
  userFunction("object_transform", [VARCHAR, VARCHAR, VARCHAR], VARCHAR, supers.transformObject),
];
