import type { SqlType } from "../../sql/sql-type.ts";
import type { Cell, SystemView, SystemWorld } from "./system-view.ts";

/** A column of a listing, and what it says of each row: a value that is the same for all, or what makes it of the row. */
export type ListedColumn<Row> = readonly [
  name: string,
  type: SqlType,
  cell: Cell | ((row: Row, world: SystemWorld) => Cell),
];

/** A view with a row for each thing of a list, its columns in their documented order. */
export function listing<Row>({
  of: rowsOf,
  columns,
}: {
  of(world: SystemWorld): readonly Row[];
  readonly columns: readonly ListedColumn<Row>[];
}): SystemView {
  const cells = columns.map(([, , cell]) => cell);
  return {
    columns: columns.map(([name, type]) => [name, type]),
    rows: (world) =>
      rowsOf(world).map((row) => cells.map((cell) => (typeof cell === "function" ? cell(row, world) : cell))),
  };
}

/** The cell that names the database. */
export const databaseName = (_row: unknown, world: SystemWorld): Cell => world.settings.databaseName;
