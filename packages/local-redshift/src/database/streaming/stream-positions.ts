import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../sql/bound.ts";
import { readRows } from "../duck.ts";

/** How far a view has read a shard, and what it has read of it in all. */
export interface ShardPosition {
  readonly shardId: string;
  /** Absent until the first record: TRIM_HORIZON. */
  readonly sequenceNumber: string | undefined;
  /** The shard is closed and read to its end. */
  readonly ended: boolean;
  readonly rows: number;
  readonly skipped: number;
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly firstArrival: number;
  readonly lastArrival: number;
}

/** A record that was too large for the view. */
export interface SkippedRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly arrivedAt: number;
  readonly recordedAt: number;
}

/** A shard of which nothing was read. */
export const startOf = (shardId: string): ShardPosition => ({
  shardId,
  sequenceNumber: undefined,
  ended: false,
  rows: 0,
  skipped: 0,
  bytes: 0,
  firstArrival: 0,
  lastArrival: 0,
});

/** Makes the tables of positions and of skipped records in a new file. */
export async function createPositionTables(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `CREATE TABLE IF NOT EXISTS main.positions (view_oid BIGINT, shard_id VARCHAR, sequence_number VARCHAR, ended BOOLEAN,
      scanned_rows DOUBLE, skipped_rows DOUBLE, scanned_bytes DOUBLE, first_arrival DOUBLE, last_arrival DOUBLE)`,
  );
  await connection.run(
    `CREATE TABLE IF NOT EXISTS main.skipped_records (view_oid BIGINT, shard_id VARCHAR, sequence_number VARCHAR,
      arrived_at DOUBLE, recorded_at DOUBLE)`,
  );
}

/** Every view's positions, by view and shard. */
export async function loadPositions(connection: DuckDBConnection): Promise<Map<number, Map<string, ShardPosition>>> {
  const views = new Map<number, Map<string, ShardPosition>>();
  for (const row of await readRows(connection, "SELECT * FROM main.positions")) {
    const [viewOid, shardId, sequenceNumber, ended, rows, skipped, bytes, firstArrival, lastArrival] = row;
    const shards = views.get(Number(viewOid)) ?? new Map<string, ShardPosition>();
    shards.set(shardId as string, {
      shardId: shardId as string,
      sequenceNumber: (sequenceNumber as string | null) ?? undefined,
      ended: ended as boolean,
      rows: rows as number,
      skipped: skipped as number,
      bytes: bytes as number,
      firstArrival: firstArrival as number,
      lastArrival: lastArrival as number,
    });
    views.set(Number(viewOid), shards);
  }
  return views;
}

/** Writes new positions, as part of the transaction that adds the rows. */
export async function storePositions(
  connection: DuckDBConnection,
  viewOid: number,
  positions: readonly ShardPosition[],
): Promise<void> {
  if (positions.length === 0) return;
  const shards = positions.map((position) => quoteText(position.shardId)).join(", ");
  await connection.run(`DELETE FROM main.positions WHERE view_oid = ${viewOid} AND shard_id IN (${shards})`);
  const rows = positions.map((p) => {
    const sequence = p.sequenceNumber === undefined ? "NULL" : quoteText(p.sequenceNumber);
    return `(${viewOid}, ${quoteText(p.shardId)}, ${sequence}, ${p.ended}, ${p.rows}, ${p.skipped}, ${p.bytes}, ${p.firstArrival}, ${p.lastArrival})`;
  });
  await connection.run(`INSERT INTO main.positions VALUES ${rows.join(", ")}`);
}

/** Writes records that were skipped, as part of the transaction that moves the positions past them. */
export async function storeSkipped(
  connection: DuckDBConnection,
  viewOid: number,
  records: readonly SkippedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map(
    (record) =>
      `(${viewOid}, ${quoteText(record.shardId)}, ${quoteText(record.sequenceNumber)}, ${record.arrivedAt}, ${record.recordedAt})`,
  );
  await connection.run(`INSERT INTO main.skipped_records VALUES ${rows.join(", ")}`);
}

/** Removes all that is kept of a view. */
export async function forgetPositions(connection: DuckDBConnection, viewOid: number): Promise<void> {
  await connection.run(`DELETE FROM main.positions WHERE view_oid = ${viewOid}`);
  await connection.run(`DELETE FROM main.skipped_records WHERE view_oid = ${viewOid}`);
}
