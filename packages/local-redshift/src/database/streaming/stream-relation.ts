import type { OutputColumn } from "../../sql/bound.ts";
import { types, varchar } from "../../sql/sql-type.ts";

/** Largest record that a streaming view takes, in bytes. Source: DG materialized-view-streaming-ingestion (size of the VARBYTE column). */
export const maxRecordBytes = 1_048_576;

/** Columns that a stream offers. Source: Database Developer Guide, materialized-view-streaming-ingestion-getting-started. */
export const streamColumns: readonly OutputColumn[] = [
  { name: "approximate_arrival_timestamp", type: types.timestamp },
  { name: "partition_key", type: varchar(256) },
  { name: "shard_id", type: { name: "bpchar", length: 20 } },
  { name: "sequence_number", type: varchar(128) },
  { name: "refresh_time", type: types.timestamp },
  {
    name: "kinesis_data",
    type: { name: "varbyte", length: maxRecordBytes },
    parsed: (relation) => ({
      valid: `(${relation}.json_problem IS NULL)`,
      value: `(CASE WHEN ${relation}.json_problem IS NULL THEN ${relation}.json_text ELSE error('JSON parsing error: ' || ${relation}.json_problem) END)`,
    }),
  },
];

/** Holds the rows that a batch adds to the streaming view, for the views that are kept over it. */
export const batchTable = "temp.main.batch";

/**
 * The table that a batch of records is put into, and the view of it that the streaming view's query reads. JSON is read once, on arrival:
 * `json_text` holds it without blanks, `json_problem` why there is none. Bytes that are just that text are not kept a second time.
 */
export const createStage: readonly string[] = [
  `CREATE OR REPLACE TEMP TABLE staged (
  approximate_arrival_timestamp TIMESTAMP,
  partition_key VARCHAR,
  shard_id VARCHAR,
  sequence_number VARCHAR,
  refresh_time TIMESTAMP,
  kinesis_data BLOB,
  json_text JSON,
  json_problem VARCHAR
)`,
  `CREATE OR REPLACE TEMP VIEW stage AS SELECT * REPLACE (coalesce(kinesis_data, encode(CAST(json_text AS VARCHAR))) AS kinesis_data)
   FROM temp.main.staged`,
];
