import { setImmediate as yieldToOthers } from "node:timers/promises";
import {
  BLOB,
  DuckDBBlobValue,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  TIMESTAMP,
  VARCHAR,
  type DuckDBAppender,
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
  const chunks: DuckDBDataChunk[] = [];
  for (const { after, records } of batches)
    for (let start = 0; start < records.length; start += chunkRows) {
      if (chunks.length > 0) await yieldToOthers();
      chunks.push(makeChunk(after.shardId, records.slice(start, start + chunkRows), refreshTime, needs));
    }
  return chunks;
}

/** Puts rows into the staging table, and closes the appender. */
export function stageChunks(appender: DuckDBAppender, chunks: readonly DuckDBDataChunk[]): void {
  for (const chunk of chunks) appender.appendDataChunk(chunk);
  appender.closeSync();
}

function makeChunk(
  shardId: string,
  records: readonly StreamRecord[],
  refreshTime: number,
  needs: StageNeeds,
): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(stageTypes, records.length);
  const vectors = stageTypes.map((_, column) => chunk.getColumnVector(column));
  const refreshed = timestamp(refreshTime);
  let arrived = timestamp(records[0]!.arrivedAt);
  records.forEach((record, row) => {
    // Records of one call arrive together.
    if (row > 0 && record.arrivedAt !== records[row - 1]!.arrivedAt) arrived = timestamp(record.arrivedAt);
    const reading = needs.json ? readJson(record.data) : undefined;
    const text = reading?.problem === undefined ? reading?.text : undefined;
    const hasBytes = needs.bytes && text?.length !== record.data.byteLength;
    vectors[0]!.setItem(row, arrived);
    vectors[1]!.setItem(row, record.partitionKey);
    vectors[2]!.setItem(row, shardId);
    vectors[3]!.setItem(row, record.sequenceNumber);
    vectors[4]!.setItem(row, refreshed);
    vectors[5]!.setItem(row, hasBytes ? new DuckDBBlobValue(record.data) : null);
    vectors[6]!.setItem(row, text ?? null);
    vectors[7]!.setItem(row, reading?.problem ?? null);
  });
  for (const vector of vectors) vector.flush();
  return chunk;
}

const timestamp = (millis: number) => new DuckDBTimestampValue(BigInt(Math.trunc(millis)) * 1000n);
