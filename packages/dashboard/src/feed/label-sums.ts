import type { Cell, QueryResult } from "@millrace/warehouse";

/** Rows by their first column, the other columns added up over all answers. */
export interface LabelSums {
  /** Adds an answer: numbers add up, of texts the greatest stays, nulls change nothing. */
  add(result: QueryResult): void;
  clear(): void;
  /** The first `limit` rows, the greatest second column first. */
  top(limit: number): { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] };
}

/**
 * Sums of at most `maxLabels` (default 20,000) labels. When there are more, the smaller half is forgotten: sums are exact while fewer
 * labels exist, and those of frequent labels stay close beyond.
 */
export function createLabelSums(options: { readonly maxLabels?: number } = {}): LabelSums {
  const { maxLabels = 20_000 } = options;
  let sums = new Map<Cell, readonly Cell[]>();
  let columns: readonly string[] = [];
  const largestFirst = (): (readonly Cell[])[] =>
    [...sums.values()].toSorted((a, b) => Number(b[1] ?? 0) - Number(a[1] ?? 0));
  return {
    add(result) {
      columns = result.columns.map(({ name }) => name);
      for (const row of result.rows) {
        const label = row[0] ?? null;
        const known = sums.get(label);
        sums.set(
          label,
          known === undefined ? row : row.map((cell, place) => (place === 0 ? cell : join(known[place], cell))),
        );
      }
      if (sums.size <= maxLabels) return;
      sums = new Map(
        largestFirst()
          .slice(0, Math.ceil(maxLabels / 2))
          .map((row) => [row[0] ?? null, row]),
      );
    },
    clear: () => sums.clear(),
    top: (limit) => ({ columns, rows: largestFirst().slice(0, limit) }),
  };
}

function join(known: Cell | undefined, added: Cell): Cell {
  if (known === null || known === undefined) return added;
  if (added === null) return known;
  if (typeof known === "number" && typeof added === "number") return known + added;
  return String(added) > String(known) ? added : known;
}
