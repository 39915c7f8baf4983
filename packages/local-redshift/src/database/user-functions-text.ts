import { BIGINT, BLOB, BOOLEAN, DuckDBBlobValue, INTEGER, VARCHAR } from "@duckdb/node-api";
import { farmFingerprint64 } from "../sql/values/farm-fingerprint.ts";
import { crc32c, fnvHash, murmur3, sha2 } from "../sql/values/hash.ts";
import { pcreCount, pcreInstr, pcreReplace, pcreSubstr } from "../sql/values/pcre.ts";
import { soundex, soundexDifference } from "../sql/values/soundex.ts";
import { bitOf, bitsToBytes, combineBytes, integerBytes, invertBytes } from "../sql/values/bytes.ts";
import { strtol } from "../sql/values/strtol.ts";
import { formatNumber, readNumber, readSignedNumber } from "../sql/values/number-format.ts";
import { readTeradataNumber } from "../sql/values/teradata-format.ts";
import { userFunction, type UserFunction } from "./user-function.ts";

const blob = (bytes: Uint8Array) => new DuckDBBlobValue(bytes);

/** Functions on text and bytes. */
export const textFunctions: readonly UserFunction[] = [
  userFunction("soundex", [VARCHAR], VARCHAR, soundex),
  userFunction("soundex_difference", [VARCHAR, VARCHAR], INTEGER, soundexDifference),
  userFunction("strtol", [VARCHAR, INTEGER], BIGINT, strtol),
  userFunction("crc32c", [BLOB], VARCHAR, ({ bytes }) => crc32c(bytes)),
  userFunction("fnv_hash", [BLOB], BIGINT, ({ bytes }) => fnvHash(bytes)),
  userFunction("fnv_hash_seeded", [BLOB, BIGINT], BIGINT, ({ bytes }, seed) => fnvHash(bytes, seed)),
  userFunction("farm_fingerprint", [BLOB], BIGINT, ({ bytes }) => farmFingerprint64(bytes)),
  userFunction("murmur3", [BLOB, INTEGER], INTEGER, ({ bytes }, seed) => murmur3(bytes, seed)),
  userFunction("sha2", [VARCHAR, INTEGER], VARCHAR, sha2),
  userFunction("integer_bytes", [BIGINT, INTEGER], BLOB, (value, width) => blob(integerBytes(value, width))),
  userFunction("bytes_of_bits", [VARCHAR], BLOB, (bits) => blob(bitsToBytes(bits))),
  userFunction("bytes_not", [BLOB], BLOB, ({ bytes }) => blob(invertBytes(bytes))),
  ...(["and", "or", "xor"] as const).map((operation) =>
    userFunction(`bytes_${operation}`, [BLOB, BLOB], BLOB, (left, right) =>
      blob(combineBytes(operation, left.bytes, right.bytes)),
    ),
  ),
  userFunction("getbit", [BLOB, INTEGER], INTEGER, ({ bytes }, index) => bitOf(bytes, index)),
  userFunction("pcre_count", [VARCHAR, VARCHAR, BOOLEAN], INTEGER, pcreCount),
  userFunction(
    "pcre_instr",
    [VARCHAR, VARCHAR, BOOLEAN, BIGINT, BOOLEAN],
    INTEGER,
    (text, pattern, fold, occurrence, atEnd) => pcreInstr(text, pattern, fold, Number(occurrence), atEnd),
  ),
  userFunction(
    "pcre_substr",
    [VARCHAR, VARCHAR, BOOLEAN, BIGINT, BOOLEAN],
    VARCHAR,
    (text, pattern, fold, occurrence, group) => pcreSubstr(text, pattern, fold, Number(occurrence), group),
  ),
  userFunction("pcre_replace", [VARCHAR, VARCHAR, BOOLEAN, VARCHAR], VARCHAR, pcreReplace),
  userFunction("number_to_char", [VARCHAR, VARCHAR], VARCHAR, formatNumber),
  userFunction("to_number", [VARCHAR, VARCHAR], VARCHAR, readNumber),
  userFunction("teradata_number", [VARCHAR, VARCHAR], VARCHAR, readTeradataNumber),
  userFunction("text_to_number", [VARCHAR, INTEGER], VARCHAR, readSignedNumber),
];
