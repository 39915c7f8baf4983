import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, DuckDBTimestampValue } from "@duckdb/node-api";
import { weightedPercentiles } from "./weighted-percentiles.ts";
import type { Percentiles } from "./weighted-percentiles.ts";

/** A refresh of some 25 ms and its rest. */
const BATCHES_PER_SECOND = 20;
const BATCHES = 30;

/** Appends rows of the typed view to a file of DuckDB alone, so many a second in twenty commits; milliseconds a commit. */
export async function measureBareAppend(rowsPerSecond: number): Promise<Percentiles> {
  const directory = await mkdtemp(join(tmpdir(), "millrace-bench-"));
  const duck = await DuckDBInstance.create(join(directory, "bare.duckdb"));
  const connection = await duck.connect();
  try {
    await connection.run(
      "CREATE TABLE t (event_id VARCHAR, event_time TIMESTAMP, event_name VARCHAR, user_id INTEGER, arrived TIMESTAMP, shard VARCHAR, sequence VARCHAR)",
    );
    const times: number[] = [];
    for (let batch = 0; batch < BATCHES; batch++) {
      const startedAt = performance.now();
      const appender = await connection.createAppender("t");
      const moment = new DuckDBTimestampValue(BigInt(Date.now()) * 1_000n);
      for (let row = 0; row < rowsPerSecond / BATCHES_PER_SECOND; row++) {
        appender.appendVarchar("3f0c8a34-0000-4000-8000-000000000000");
        appender.appendTimestamp(moment);
        appender.appendVarchar("SEND_MESSAGE");
        appender.appendInteger(row % 101);
        appender.appendTimestamp(moment);
        appender.appendVarchar("shardId-000000000000");
        appender.appendVarchar("49590338271490256608559692538361571095921575989136588898");
        appender.endRow();
      }
      appender.closeSync();
      times.push(performance.now() - startedAt);
    }
    return weightedPercentiles(times.map((value) => ({ value, weight: 1 })));
  } finally {
    connection.closeSync();
    duck.closeSync();
    await rm(directory, { recursive: true, force: true });
  }
}
