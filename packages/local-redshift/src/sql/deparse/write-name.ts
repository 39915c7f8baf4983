import type { NamePart } from "../tree.ts";

/** A part of a name as it is written: with quotes if it had some. */
export const writeName = ({ text, quoted }: NamePart) => (quoted ? `"${text.replaceAll('"', '""')}"` : text);

export const writeNames = (parts: readonly NamePart[]) => parts.map(writeName).join(".");

/** `(a, b)` with a blank before it; nothing for no names. */
export const writeNameList = (names: readonly NamePart[]) =>
  names.length === 0 ? "" : ` (${names.map(writeName).join(", ")})`;

/** A string literal; backslashes escape in Redshift's. */
export const writeString = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
