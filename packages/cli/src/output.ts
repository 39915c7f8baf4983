import Table from "cli-table3";

/** One JSON line on stdout, for `--json`. An error within is its message. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, asPlain)}\n`);
}

function asPlain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Error ? value.message : value;
}

/** A plain line on stdout. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A table as text: a header and rows, numbers to the right. No colours, so that a pipe reads the same as a terminal. */
export function renderTable(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const numeric = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => row[column] === null || isNumeric(row[column])),
  );
  const table = new Table({
    head: [...head],
    colAligns: numeric.map((right) => (right ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(row.map((cell) => (cell === null || cell === undefined ? "" : String(cell))));
  return table.toString();
}

/** 1234567 → "1,234,567", the same in every locale; what was not counted is a dash. */
export function formatCount(count: number | undefined): string {
  return count === undefined ? "–" : count.toLocaleString("en-US");
}

function isNumeric(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint";
}
