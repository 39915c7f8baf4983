import {
  BLOB,
  DuckDBBlobValue,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  TIMESTAMP,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBValue,
} from "@duckdb/node-api";
import { readJson } from "../../sql/json-text.ts";
import type { StreamRecord } from "./stream-reader.ts";

/** Most rows in one chunk that DuckDB takes. */
const chunkRows = 2_048;

/** Puts records into the staging table, reading the JSON of each. */
export async function stageRecords(
  connection: DuckDBConnection,
  shards: readonly { readonly shardId: string; readonly records: readonly StreamRecord[] }[],
  refreshTime: number,
  needs: { readonly bytes: boolean; readonly json: boolean },
): Promise<void> {
  const appender = await connection.createAppender("staged", "main", "temp");
  const refreshed = timestamp(refreshTime);
  let columns = newColumns();
  const flush = () => {
    const count = columns[0]!.length;
    if (count === 0) return;
    const chunk = DuckDBDataChunk.create(stageTypes, count);
    columns.forEach((column, index) => chunk.setColumnValues(index, column));
    appender.appendDataChunk(chunk);
    columns = newColumns();
  };
  for (const { shardId, records } of shards)
    for (const record of records) {
      const reading = needs.json ? readJson(record.data) : undefined;
      const text = reading?.problem === undefined ? reading?.text : undefined;
      const row: DuckDBValue[] = [
        timestamp(record.arrivedAt),
        record.partitionKey,
        shardId,
        record.sequenceNumber,
        refreshed,
        needs.bytes && text?.length !== record.data.byteLength ? new DuckDBBlobValue(record.data) : null,
        text ?? null,
        reading?.problem ?? null,
      ];
      row.forEach((value, index) => columns[index]!.push(value));
      if (columns[0]!.length === chunkRows) flush();
    }
  flush();
  appender.closeSync();
}

const stageTypes = [TIMESTAMP, VARCHAR, VARCHAR, VARCHAR, TIMESTAMP, BLOB, VARCHAR, VARCHAR];
const newColumns = (): DuckDBValue[][] => stageTypes.map(() => []);
const timestamp = (millis: number) => new DuckDBTimestampValue(BigInt(Math.trunc(millis)) * 1000n);
