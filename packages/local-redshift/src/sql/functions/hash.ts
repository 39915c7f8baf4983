import { coerce, settle } from "../cast.ts";
import { SqlError } from "../sql-error.ts";
import { isInteger, isText, plainTypeText, types, varchar, type SqlType } from "../sql-type.ts";
import { define, noSuch, type FunctionBinder, type FunctionCall } from "./function-binder.ts";

const { text, int4, int8 } = types;

/** Bytes in which numbers of a type are hashed. */
const widths: Partial<Record<SqlType["name"], number>> = { int2: 2, int4: 4, int8: 8 };

/** What a hash is made over, as a BLOB of DuckDB. Only types whose bytes a document shows are built. */
function bytesOf(call: FunctionCall, width?: number): string {
  const first = call.args[0];
  if (first === undefined) throw noSuch(call);
  const value = settle(first);
  if (value.type.name === "varbyte") return value.sql;
  if (isText(value.type)) return `encode(${value.sql})`;
  if (isInteger(value.type))
    return `millrace_integer_bytes(CAST(${value.sql} AS BIGINT), ${width ?? widths[value.type.name]})`;
  throw new SqlError(`${call.name} of ${plainTypeText(value.type)} is not built in the local Redshift`);
}

const fnvHash: FunctionBinder = (call) => {
  if (call.args.length > 2) throw noSuch(call);
  const seed = call.args[1] === undefined ? "" : `, ${coerce(call.args[1], int8).sql}`;
  return { sql: `millrace_fnv_hash${seed === "" ? "" : "_seeded"}(${bytesOf(call)}${seed})`, type: int8 };
};

/** Integers of any width are hashed as 8 bytes, as Iceberg does. Source: Database Developer Guide, MURMUR3_32_HASH; Iceberg specification. */
const murmur: FunctionBinder = (call) => {
  if (call.args.length > 2) throw noSuch(call);
  const seed = call.args[1] === undefined ? "0" : coerce(call.args[1], int4).sql;
  return { sql: `millrace_murmur3(${bytesOf(call, 8)}, ${seed})`, type: int4 };
};

const farm: FunctionBinder = (call) => {
  const value = call.args[0];
  if (value === undefined || call.args.length > 1 || isInteger(value.type)) throw noSuch(call);
  return { sql: `millrace_farm_fingerprint(${bytesOf(call)})`, type: int8 };
};

/**
 * The digits of a DECIMAL without its point, as the only documented results are (commission 109.20 gives 10920). Source: Database
 * Developer Guide, r_CHECKSUM.
 */
const checksum: FunctionBinder = (call) => {
  const value = call.args[0];
  if (value === undefined || call.args.length > 1) throw noSuch(call);
  if (value.type.name !== "numeric" || value.type.precision! > 9)
    throw new SqlError(`checksum of anything but DECIMAL to 9 digits is not built in the local Redshift`);
  return { sql: `CAST(${value.sql} * ${10 ** value.type.scale!} AS INTEGER)`, type: int4 };
};

const sha1 = define([text], varchar(40), (a) => `sha1(${a})`);

/** Functions that make hashes. */
export const hashFunctions: Readonly<Record<string, FunctionBinder>> = {
  checksum,
  crc32: define([text], varchar(8), (a) => `millrace_crc32c(encode(${a}))`),
  farmfingerprint64: farm,
  fnv_hash: fnvHash,
  func_sha1: sha1,
  md5: define([text], varchar(32), (a) => `md5(${a})`),
  murmur3_32_hash: murmur,
  sha: sha1,
  sha1,
  sha2: define([text, int4], varchar(128), (a, bits) => `millrace_sha2(${a}, ${bits})`),
};
