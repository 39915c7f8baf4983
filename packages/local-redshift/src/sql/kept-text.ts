import { eachElement, type PathStep, type PathWant } from "./bound.ts";
import { readPath } from "./super-value.ts";

/**
 * How texts that were read of SUPER values are kept in a column of DuckDB, in which NULL stands for a row that was not read yet. A cell is
 * the text itself; `␞N` stands for NULL, and a text that is empty or has one of the two signs in it is `␞T` and then the text with `␞E`
 * for `␞` and `␞S` for `␟`. The cells of an array's elements are one text with `␟` between them, or `␞X` where there are none: splitting
 * that is faster than unnesting a list of DuckDB (1 million elements, two paths: 45 ms and 75 ms of processor time), and unlike a list it is
 * changed in place.
 */

const [sign, separator] = ["chr(30)", "chr(31)"];

/** DuckDB text of what is kept for a path into `root`, a column: never NULL. */
export function keptText(root: string, steps: readonly PathStep[], want: PathWant): string {
  const at = steps.indexOf(eachElement);
  if (at < 0) return `${toCells(`[${readPath(root, steps, want)}]`)}[1]`;
  const elements = readPath(root, steps.slice(0, at), "elements");
  const texts = `list_transform(${elements}, lambda e: ${readPath("e", steps.slice(at + 1), want)})`;
  return `coalesce(nullif(array_to_string(${toCells(texts)}, ${separator}), ''), ${sign} || 'X')`;
}

function toCells(texts: string): string {
  const escaped = `replace(replace(t, ${sign}, ${sign} || 'E'), ${separator}, ${sign} || 'S')`;
  const isSpecial = `t = '' OR contains(t, ${sign}) OR contains(t, ${separator})`;
  const cell = `CASE WHEN t IS NULL THEN ${sign} || 'N' WHEN ${isSpecial} THEN ${sign} || 'T' || ${escaped} ELSE t END`;
  return `list_transform(${texts}, lambda t: ${cell})`;
}

/** DuckDB text of the text in a cell, a column. Most cells are told from special ones by their first letter alone. */
export function fromCell(cell: string): string {
  const text = `replace(replace(substring(${cell}, 3), ${sign} || 'S', ${separator}), ${sign} || 'E', ${sign})`;
  return `(CASE WHEN ${cell} >= ' ' THEN ${cell} WHEN ${cell} = ${sign} || 'N' THEN NULL WHEN starts_with(${cell}, ${sign}) THEN ${text} ELSE ${cell} END)`;
}

/** DuckDB's list of the cells of an array's elements, out of the column that keeps them. */
export function cellsOf(kept: string): string {
  return `(CASE WHEN ${kept} = ${sign} || 'X' THEN [] ELSE string_split(${kept}, ${separator}) END)`;
}
