import type { CatalogueColumn, KeptAttributes } from "../catalogue-object.ts";

const raw: ReadonlySet<string> = new Set(["bool", "float4", "float8", "super", "varbyte", "interval"]);
const text: ReadonlySet<string> = new Set(["varchar", "bpchar"]);

/**
 * The compression encoding that a column has, given or by default: RAW for sort keys and for types that take no other, LZO for text,
 * AZ64 for numbers and times. Source: Database Developer Guide, c_Compression_encodings.
 */
export function effectiveEncoding(column: CatalogueColumn, attributes: KeptAttributes): string {
  if (column.encode !== undefined && column.encode !== "auto") return column.encode === "none" ? "raw" : column.encode;
  if (raw.has(column.type.name) || attributes.sortKeys.includes(column.name)) return "raw";
  return text.has(column.type.name) ? "lzo" : "az64";
}

const encodings: ReadonlySet<string> = new Set(
  "raw az64 bytedict delta delta32k lzo mostly8 mostly16 mostly32 runlength text255 text32k zstd".split(" "),
);

/** Whether a word names a compression encoding. */
export const isEncoding = (word: string) => encodings.has(word);
