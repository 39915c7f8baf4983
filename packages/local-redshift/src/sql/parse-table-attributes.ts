import type { TokenCursor } from "./token-cursor.ts";
import type { TableAttributes } from "./tree.ts";

/** A table without attributes of its own. */
export const noAttributes: TableAttributes = {
  distStyle: undefined,
  distKey: undefined,
  sortKeys: [],
  backup: undefined,
};

/** Reads one of BACKUP, DISTSTYLE, DISTKEY, SORTKEY and ENCODE AUTO into `attributes`; `undefined` when none follows. */
export function parseTableAttribute(cursor: TokenCursor, attributes: TableAttributes): TableAttributes | undefined {
  if (cursor.acceptWords("backup")) return { ...attributes, backup: cursor.expectOneOf("yes", "no") === "yes" };
  if (cursor.acceptWords("diststyle"))
    return { ...attributes, distStyle: cursor.expectOneOf("even", "all", "key", "auto") };
  if (cursor.acceptWords("distkey")) return { ...attributes, distKey: cursor.inParentheses(() => cursor.expectName()) };
  if (cursor.acceptWords("encode", "auto")) return attributes;
  const style = cursor.acceptOneOf("compound", "interleaved");
  if (!cursor.acceptWords("sortkey")) {
    if (style !== undefined) throw cursor.unexpected();
    return undefined;
  }
  if (cursor.acceptWords("auto")) return attributes;
  const interleaved = style === "interleaved";
  return { ...attributes, interleaved, sortKeys: cursor.inParentheses(() => cursor.list(() => cursor.expectName())) };
}
