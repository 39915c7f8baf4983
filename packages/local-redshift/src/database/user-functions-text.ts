import { BIGINT, BLOB, BOOLEAN, DuckDBBlobValue, INTEGER, VARCHAR, type DuckDBValue } from "@duckdb/node-api";
import { farmFingerprint64 } from "../sql/values/farm-fingerprint.ts";
import { crc32c, fnvHash, murmur3, sha2 } from "../sql/values/hash.ts";
import { pcreCount, pcreInstr, pcreReplace, pcreSubstr } from "../sql/values/pcre.ts";
import { soundex, soundexDifference } from "../sql/values/soundex.ts";
import { bitOf, bitsToBytes, combineBytes, integerBytes, invertBytes } from "../sql/values/bytes.ts";
import { strtol } from "../sql/values/strtol.ts";
import { formatNumber, readNumber, readSignedNumber } from "../sql/values/number-format.ts";
import { readTeradataNumber } from "../sql/values/teradata-format.ts";
import type { UserFunction } from "./user-functions.ts";

const bytesOf = (value: DuckDBValue) => (value as DuckDBBlobValue).bytes;
const blob = (bytes: Uint8Array) => new DuckDBBlobValue(bytes);
const number = (value: DuckDBValue) => Number(value as number | bigint);

/** Functions on text and bytes. */
export const textFunctions: readonly UserFunction[] = [
  { name: "millrace_soundex", parameters: [VARCHAR], result: VARCHAR, call: (a) => soundex(a as string) },
  {
    name: "millrace_soundex_difference",
    parameters: [VARCHAR, VARCHAR],
    result: INTEGER,
    call: (a, b) => soundexDifference(a as string, b as string),
  },
  {
    name: "millrace_strtol",
    parameters: [VARCHAR, INTEGER],
    result: BIGINT,
    call: (a, base) => strtol(a as string, number(base!)),
  },
  { name: "millrace_crc32c", parameters: [BLOB], result: VARCHAR, call: (a) => crc32c(bytesOf(a!)) },
  { name: "millrace_fnv_hash", parameters: [BLOB], result: BIGINT, call: (a) => fnvHash(bytesOf(a!)) },
  {
    name: "millrace_fnv_hash_seeded",
    parameters: [BLOB, BIGINT],
    result: BIGINT,
    call: (a, seed) => fnvHash(bytesOf(a!), seed as bigint),
  },
  {
    name: "millrace_farm_fingerprint",
    parameters: [BLOB],
    result: BIGINT,
    call: (a) => farmFingerprint64(bytesOf(a!)),
  },
  {
    name: "millrace_murmur3",
    parameters: [BLOB, INTEGER],
    result: INTEGER,
    call: (a, seed) => murmur3(bytesOf(a!), number(seed!)),
  },
  {
    name: "millrace_sha2",
    parameters: [VARCHAR, INTEGER],
    result: VARCHAR,
    call: (a, bits) => sha2(a as string, number(bits!)),
  },
  {
    name: "millrace_integer_bytes",
    parameters: [BIGINT, INTEGER],
    result: BLOB,
    call: (a, width) => blob(integerBytes(a as bigint, number(width!))),
  },
  {
    name: "millrace_bytes_of_bits",
    parameters: [VARCHAR],
    result: BLOB,
    call: (a) => blob(bitsToBytes(a as string)),
  },
  { name: "millrace_bytes_not", parameters: [BLOB], result: BLOB, call: (a) => blob(invertBytes(bytesOf(a!))) },
  ...(["and", "or", "xor"] as const).map((operation): UserFunction => ({
    name: `millrace_bytes_${operation}`,
    parameters: [BLOB, BLOB],
    result: BLOB,
    call: (a, b) => blob(combineBytes(operation, bytesOf(a!), bytesOf(b!))),
  })),
  {
    name: "millrace_getbit",
    parameters: [BLOB, INTEGER],
    result: INTEGER,
    call: (a, index) => bitOf(bytesOf(a!), number(index!)),
  },
  {
    name: "millrace_pcre_count",
    parameters: [VARCHAR, VARCHAR, BOOLEAN],
    result: INTEGER,
    call: (a, pattern, fold) => pcreCount(a as string, pattern as string, fold as boolean),
  },
  {
    name: "millrace_pcre_instr",
    parameters: [VARCHAR, VARCHAR, BOOLEAN, BIGINT, BOOLEAN],
    result: INTEGER,
    call: (a, pattern, fold, occurrence, atEnd) =>
      pcreInstr(a as string, pattern as string, fold as boolean, number(occurrence!), atEnd as boolean),
  },
  {
    name: "millrace_pcre_substr",
    parameters: [VARCHAR, VARCHAR, BOOLEAN, BIGINT, BOOLEAN],
    result: VARCHAR,
    call: (a, pattern, fold, occurrence, group) =>
      pcreSubstr(a as string, pattern as string, fold as boolean, number(occurrence!), group as boolean),
  },
  {
    name: "millrace_pcre_replace",
    parameters: [VARCHAR, VARCHAR, BOOLEAN, VARCHAR],
    result: VARCHAR,
    call: (a, pattern, fold, replacement) =>
      pcreReplace(a as string, pattern as string, fold as boolean, replacement as string),
  },
  {
    name: "millrace_number_to_char",
    parameters: [VARCHAR, VARCHAR],
    result: VARCHAR,
    call: (value, pattern) => formatNumber(value as string, pattern as string),
  },
  {
    name: "millrace_to_number",
    parameters: [VARCHAR, VARCHAR],
    result: VARCHAR,
    call: (value, pattern) => readNumber(value as string, pattern as string),
  },
  {
    name: "millrace_teradata_number",
    parameters: [VARCHAR, VARCHAR],
    result: VARCHAR,
    call: (value, format) => readTeradataNumber(value as string, format as string),
  },
  {
    name: "millrace_text_to_number",
    parameters: [VARCHAR, INTEGER],
    result: VARCHAR,
    call: (value, scale) => readSignedNumber(value as string, number(scale!)),
  },
];
