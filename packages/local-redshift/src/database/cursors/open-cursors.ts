import type { DuckDBValue } from "@duckdb/node-api";
import type { OutputColumn } from "../../sql/bound.ts";
import { SqlError } from "../../sql/sql-error.ts";

/** The rows of a query, which are all read when a cursor on it is opened. */
export interface CursorRows {
  readonly columns: readonly OutputColumn[];
  /** As DuckDB gave them. */
  readonly rows: readonly (readonly DuckDBValue[])[];
}

/** A cursor that is open. */
export interface OpenCursor extends CursorRows {
  readonly name: string;
  /** The row that was read last, counted from 1: 0 is before the first, one more than there are rows is after the last. */
  position: number;
}

/**
 * The cursors of a session: one at most. Source: Database Developer Guide, declare and stored-procedure-constraints; the texts are those of
 * sqlalchemy-redshift/sqlalchemy-redshift#317 and, for names, PostgreSQL's.
 */
export class OpenCursors {
  #open: OpenCursor | undefined;
  #unnamed = 0;

  /** A name for a cursor that was given none. */
  newName(): string {
    return `<unnamed portal ${(this.#unnamed += 1)}>`;
  }

  /** Throws when a cursor could not be opened now (UNCONFIRMED: that it fails here, and not at its first FETCH). */
  checkFree(name: string): void {
    if (this.#open === undefined) return;
    if (this.#open.name === name) throw new SqlError(`cursor "${name}" already exists`, { sqlState: "42P03" });
    throw new SqlError("opening multiple cursors from within the same client connection is not allowed.", {
      sqlState: "24000",
    });
  }

  open(name: string, { columns, rows }: CursorRows): OpenCursor {
    this.checkFree(name);
    return (this.#open = { name, columns, rows, position: 0 });
  }

  /** Throws when there is none of this name. */
  find(name: string): OpenCursor {
    if (this.#open?.name !== name) throw new SqlError(`cursor "${name}" does not exist`, { sqlState: "34000" });
    return this.#open;
  }

  isOpen(name: string): boolean {
    return this.#open?.name === name;
  }

  /** Throws when there is none of this name. */
  close(name: string): void {
    this.find(name);
    this.#open = undefined;
  }

  /** Every cursor ends with its transaction. */
  endTransaction(): void {
    this.#open = undefined;
  }
}

/** Moves a cursor forward, and gives the rows on the way; 0 gives again the row it is on. */
export function fetchRows(cursor: OpenCursor, count: number): CursorRows["rows"] {
  const { rows, position } = cursor;
  if (count === 0) return rows.slice(Math.max(0, position - 1), position);
  cursor.position = Math.min(position + count, rows.length + 1);
  return rows.slice(position, cursor.position);
}
