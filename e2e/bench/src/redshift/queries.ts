import { setTimeout as sleep } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { say } from "../progress.ts";
import type { CloudUnderTest } from "./cloud-under-test.ts";
import { EVENTS_PER_PACK } from "./events.ts";
import { TYPED_GROUP_BY } from "./readers.ts";
import { weightedPercentiles } from "./weighted-percentiles.ts";
import type { Percentiles } from "./weighted-percentiles.ts";

/** A query beside DuckDB alone. */
export interface QueryFigure {
  readonly name: string;
  readonly rows: number;
  /** Through the Data API, milliseconds; of what navigates SUPER once its paths are shredded. */
  readonly ours: Percentiles;
  /** The same when it was asked for the first time, from JSON. */
  readonly first: number | undefined;
  /** DuckDB alone over typed columns with the same values, milliseconds. */
  readonly floor: Percentiles;
  /** DuckDB alone over the JSON text with SQL written by hand. */
  readonly json: Percentiles | undefined;
}

/** What is asked, and what DuckDB alone is asked. */
export interface Question {
  readonly name: string;
  readonly sql: string;
  readonly floor: string;
  readonly json?: string;
}

const typedFloor =
  "SELECT event_name, count(*), avg(user_id::DOUBLE), max(event_time) FROM typed GROUP BY 1 ORDER BY 1";
const superFloor = "SELECT event_name, count(*), avg(user_id::DOUBLE) FROM typed GROUP BY 1 ORDER BY 1";
const jsonItems =
  "json_extract_string(event, '$.event_name'), count(*), avg(CAST(json_extract_string(event, '$.user') AS DOUBLE))";

export const typedQuestion: Question = {
  name: "group-by over typed rows",
  sql: TYPED_GROUP_BY,
  floor: typedFloor,
};

export const objectsQuestion: Question = {
  name: "group-by over SUPER objects",
  sql: 'SELECT r.payload.event_name::VARCHAR, COUNT(*), AVG(r.payload."user"::FLOAT) FROM millrace.stream_records AS r GROUP BY 1 ORDER BY 1',
  floor: superFloor,
  json: `SELECT ${jsonItems} FROM objects GROUP BY 1 ORDER BY 1`,
};

export const unnestedQuestion: Question = {
  name: "group-by over packed events, unnested",
  sql: 'SELECT e.event_name::VARCHAR, COUNT(*), AVG(e."user"::FLOAT) FROM millrace.stream_records AS r, r.payload AS e GROUP BY 1 ORDER BY 1',
  floor: superFloor,
  json: `SELECT ${jsonItems} FROM (SELECT unnest(json_extract(payload, '$[*]')) AS event FROM packs) GROUP BY 1 ORDER BY 1`,
};

/** A question is taken for answered from shredded paths when it takes less than this share of its first ask, twice in a row. */
const SHREDDED_SHARE = 0.25;
/** Between two looks, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** Asks until the answer no longer comes from JSON, or `atMostMs` have passed. Resolves to how long the first ask took, in milliseconds. */
async function askUntilShredded(ask: () => Promise<unknown>, atMostMs: number): Promise<number> {
  const first = await elapsed(ask);
  const until = performance.now() + atMostMs;
  for (let fast = 0; fast < 2;) {
    fast = (await elapsed(ask)) < first * SHREDDED_SHARE ? fast + 1 : 0;
    if (performance.now() > until) {
      say(`asking took no half of the first time within ${atMostMs / 1_000} s: measured as it is`);
      break;
    }
    if (fast === 0) await sleep(LOOK_EVERY_MS);
  }
  return first;
}

/** Asks one question again and again, here and there in turns. */
export async function measureQuery(
  cloud: CloudUnderTest,
  question: Question,
  { rows, rounds, shreddingMs }: { readonly rows: number; readonly rounds: number; readonly shreddingMs: number },
): Promise<QueryFigure> {
  say(`${question.name}, ${rows} rows`);
  const duck = await DuckDBInstance.create(":memory:");
  const connection = await duck.connect();
  try {
    await connection.run(
      `CREATE TABLE typed AS SELECT ['JOIN', 'LEAVE', 'OPEN_CHAT', 'SUBSCRIBE', 'SEND_MESSAGE'][1 + i % 5] AS event_name,
         (i % 101)::INTEGER AS user_id, make_timestamp(1700000000000000 + i * 1000) AS event_time FROM range(${rows}) AS t(i)`,
    );
    if (question.json !== undefined) {
      await connection.run(
        `CREATE TABLE objects AS SELECT to_json({event_id: uuid(), event_time: event_time, event_name: event_name, "user": user_id, note: repeat('x', 65)}) AS event FROM typed`,
      );
      await connection.run(
        `CREATE TABLE packs AS SELECT to_json(list(event)) AS payload FROM (SELECT event, row_number() OVER () AS n FROM objects) GROUP BY n // ${EVENTS_PER_PACK}`,
      );
    }
    const ask = () => cloud.warehouse.query(question.sql);
    const first = question.json === undefined ? undefined : await askUntilShredded(ask, shreddingMs);
    const times = { ours: [] as number[], floor: [] as number[], json: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.ours.push(await elapsed(ask));
      times.floor.push(await elapsed(() => connection.runAndReadAll(question.floor)));
      const { json } = question;
      if (json !== undefined) times.json.push(await elapsed(() => connection.runAndReadAll(json)));
    }
    const spread = (values: readonly number[]) => weightedPercentiles(values.map((value) => ({ value, weight: 1 })));
    return {
      name: question.name,
      rows,
      ours: spread(times.ours),
      first,
      floor: spread(times.floor),
      json: times.json.length === 0 ? undefined : spread(times.json),
    };
  } finally {
    connection.closeSync();
    duck.closeSync();
  }
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
