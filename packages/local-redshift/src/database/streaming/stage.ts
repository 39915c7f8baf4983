import { setImmediate as yieldToOthers } from "node:timers/promises";
import {
  BLOB,
  DuckDBBlobValue,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  TIMESTAMP,
  VARCHAR,
  type DuckDBAppender,
  type DuckDBValue,
} from "@duckdb/node-api";
import { readJson } from "../../sql/json-text.ts";
import type { ShardBatch } from "./shard-batches.ts";
import type { StreamRecord } from "./stream-reader.ts";

/** What of each record a view's query reads. */
export interface StageNeeds {
  readonly bytes: boolean;
  readonly json: boolean;
}

/** Most rows in one chunk that DuckDB takes. */
const chunkRows = 2_048;

/** The types of the columns of `staged`, see stream-relation.ts. */
const stageTypes = [TIMESTAMP, VARCHAR, VARCHAR, VARCHAR, TIMESTAMP, BLOB, VARCHAR, VARCHAR];

/** Makes records into rows for the staging table, reading the JSON of each. Lets others have the event loop after each chunk. */
export async function makeChunks(
  batches: readonly ShardBatch[],
  refreshTime: number,
  needs: StageNeeds,
): Promise<readonly DuckDBDataChunk[]> {
  const rows = batches.flatMap(({ after, records }) => records.map((record) => ({ shardId: after.shardId, record })));
  const refreshed = timestamp(refreshTime);
  const chunks: DuckDBDataChunk[] = [];
  for (let start = 0; start < rows.length; start += chunkRows) {
    if (start > 0) await yieldToOthers();
    const some = rows.slice(start, start + chunkRows);
    const chunk = DuckDBDataChunk.create(stageTypes, some.length);
    const vectors = stageTypes.map((_, column) => chunk.getColumnVector(column));
    some.forEach(({ shardId, record }, row) => {
      rowOf(shardId, record, refreshed, needs).forEach((value, column) => vectors[column]!.setItem(row, value));
    });
    for (const vector of vectors) vector.flush();
    chunks.push(chunk);
  }
  return chunks;
}

/** Puts rows into the staging table, and closes the appender. */
export function stageChunks(appender: DuckDBAppender, chunks: readonly DuckDBDataChunk[]): void {
  for (const chunk of chunks) appender.appendDataChunk(chunk);
  appender.closeSync();
}

function rowOf(shardId: string, record: StreamRecord, refreshed: DuckDBValue, needs: StageNeeds): DuckDBValue[] {
  const reading = needs.json ? readJson(record.data) : undefined;
  const text = reading?.problem === undefined ? reading?.text : undefined;
  return [
    timestamp(record.arrivedAt),
    record.partitionKey,
    shardId,
    record.sequenceNumber,
    refreshed,
    needs.bytes && text?.length !== record.data.byteLength ? new DuckDBBlobValue(record.data) : null,
    text ?? null,
    reading?.problem ?? null,
  ];
}

const timestamp = (millis: number) => new DuckDBTimestampValue(BigInt(Math.trunc(millis)) * 1000n);
