import {
  BIGINT,
  BLOB,
  BOOLEAN,
  INTEGER,
  VARCHAR,
  type DuckDBBlobValue,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import * as supers from "../sql/super-functions.ts";
import type { UserFunction } from "./user-functions.ts";

const bytesOf = (text: string) => Buffer.from(text, "utf8");

/** A function on texts, and on what else `parameters` says. */
const onTexts = (
  name: string,
  call: (...args: never[]) => DuckDBValue,
  parameters: readonly DuckDBType[] = [VARCHAR],
  result: DuckDBType = VARCHAR,
): UserFunction => ({ name: `millrace_${name}`, parameters, result, call: call as UserFunction["call"] });

const [text2, text3] = [
  [VARCHAR, VARCHAR],
  [VARCHAR, VARCHAR, VARCHAR],
];

/** Functions on SUPER; what they do is in super-functions.ts. */
export const superFunctions: readonly UserFunction[] = [
  onTexts("can_json_parse", (text: string) => supers.canParse(bytesOf(text), ""), [VARCHAR], BOOLEAN),
  onTexts("super_parse", (text: string, options: string) => supers.parse(bytesOf(text), options), text2),
  onTexts("super_parse_bytes", (blob: DuckDBBlobValue, options: string) => supers.parse(blob.bytes, options), [
    BLOB,
    VARCHAR,
  ]),
  onTexts(
    "super_can_parse",
    (text: string, options: string) => supers.canParse(bytesOf(text), options),
    text2,
    BOOLEAN,
  ),
  onTexts(
    "super_can_parse_bytes",
    (blob: DuckDBBlobValue, options: string) => supers.canParse(blob.bytes, options),
    [BLOB, VARCHAR],
    BOOLEAN,
  ),
  onTexts("super_value", supers.readValue, text2),
  onTexts("super_text", supers.readText, text2),
  onTexts("super_scalar", supers.readScalar, text2),
  onTexts("super_kind", supers.readKind, text2),
  onTexts("super_strict", supers.readStrictly, text2),
  onTexts("super_element", supers.elementAt, [VARCHAR, BIGINT]),
  onTexts("super_parts", supers.partsOf, text2),
  onTexts("super_number", supers.makeNumber),
  onTexts("super_float", supers.makeFloat),
  onTexts("super_compose", supers.compose),
  onTexts("super_object", supers.makeObject),
  onTexts("super_key", supers.key),
  onTexts("super_order", supers.order, text2, INTEGER),
  onTexts("super_calculate", supers.calculate, text3),
  onTexts("super_change", supers.change, text2),
  onTexts("super_sum", supers.sumOf),
  onTexts("super_avg", supers.averageOf),
  onTexts("super_precision", supers.decimalPrecision, [VARCHAR], INTEGER),
  onTexts("super_scale", supers.decimalScale, [VARCHAR], INTEGER),
  onTexts("array_concat", supers.concatArrays, text2),
  onTexts("array_flatten", supers.flattenArray),
  onTexts("subarray", supers.subarray, [VARCHAR, BIGINT, BIGINT]),
  onTexts("split_to_array", supers.splitText, text2),
  onTexts("array_contains", supers.arrayContains, [VARCHAR, VARCHAR, BOOLEAN], BOOLEAN),
  onTexts("array_position", supers.arrayPosition, [VARCHAR, VARCHAR, BOOLEAN], INTEGER),
  onTexts("array_positions", supers.arrayPositions, [VARCHAR, VARCHAR, BOOLEAN]),
  onTexts("array_distinct", supers.arrayDistinct),
  onTexts("array_union", supers.arrayUnion, text2),
  onTexts("array_intersection", supers.arrayIntersection, [VARCHAR, VARCHAR, BOOLEAN]),
  onTexts("array_except", supers.arrayExcept, [VARCHAR, VARCHAR, BOOLEAN]),
  onTexts("arrays_overlap", supers.arraysOverlap, text2, BOOLEAN),
  onTexts("array_sort", supers.arraySort, [VARCHAR, BOOLEAN, BOOLEAN]),
  onTexts("rename_attributes", supers.renameAttributes, [VARCHAR, BOOLEAN]),
  onTexts("object_transform", supers.transformObject, text3),
];
