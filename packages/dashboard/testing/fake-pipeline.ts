import {
  GetRecordsCommand,
  type GetRecordsCommandInput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListShardsCommand,
} from "@aws-sdk/client-kinesis";
import { type BatchOptions, type Cell, type QueryResult, StatementError, type Warehouse } from "@millrace/warehouse";
import { eventCountsSql } from "../src/counts/event-counts.ts";
import { comparePositions, type Position } from "../src/counts/position.ts";
import { skippedSql } from "../src/counts/skipped.ts";
import type { StreamClient } from "../src/counts/stream-source.ts";
import { fromTimestamp, toTimestamp } from "../src/feed/timestamps.ts";
import type { Tile } from "../src/tiles/tile.ts";

/** What a record is in the fake: the event it holds, or why it holds none. */
export type FakeBody =
  | { readonly family: "activity"; readonly name: string; readonly user: string }
  | {
      readonly family: "web_requests";
      readonly name: string;
      readonly user: string;
      readonly path: string;
      readonly status: number;
      readonly bytes: number | null;
    }
  | { readonly family: "bad"; readonly reason: string; readonly isEvent: boolean };

export const join: FakeBody = { family: "activity", name: "JOIN", user: "7" };
export const leave: FakeBody = { family: "activity", name: "LEAVE", user: "7" };
export const get: FakeBody = {
  family: "web_requests",
  name: "GET",
  user: "203.0.113.1",
  path: "/",
  status: 200,
  bytes: 7,
};
export const unknownEvent: FakeBody = { family: "bad", reason: "unknown-event-name event_name", isEvent: true };
export const notJson: FakeBody = { family: "bad", reason: "not-json", isEvent: false };

interface FakeRecord {
  readonly shardId: string;
  readonly position: Position;
  readonly arrivedAt: number;
  readonly body: FakeBody;
  refreshTime?: string;
}

/** A stream and a warehouse in memory: records arrive with `put` and become visible with `refresh`. */
export interface FakePipeline {
  readonly kinesis: StreamClient;
  readonly warehouse: Warehouse;
  /** Puts one record on a shard and returns its sequence number. */
  put(shardId: string, body: FakeBody): Position;
  /**
   * Makes what has arrived visible, at most `limit` records a shard; `skip` tells which to pass over and report, `lose` which to
   * drop without a word.
   */
  refresh(options?: {
    limit?: number;
    skip?: (body: FakeBody) => boolean;
    lose?: (body: FakeBody, index: number) => boolean;
  }): void;
  /** Drops the view and makes it anew, empty. */
  forgetView(): void;
  /** Forgets the oldest `count` records of a shard, as retention does. */
  expire(shardId: string, count: number): void;
  addShard(shardId: string): void;
  /** Names of the statements asked for so far, a batch as one with its statements' kinds. */
  readonly asked: string[];
  /** Set it to make statements of a kind fail with a text. */
  readonly failures: Map<string, string>;
}

/** Makes a pipeline whose warehouse knows the statements of `tiles` and of the counts. */
export function fakePipeline(options: {
  readonly tiles: readonly Tile[];
  readonly now?: () => number;
  readonly shardIds?: readonly string[];
}): FakePipeline {
  const { tiles, now = Date.now, shardIds = ["shardId-000000000000"] } = options;
  const shards = new Map<string, FakeRecord[]>(shardIds.map((shardId) => [shardId, []]));
  const reached = new Map<string, Position>();
  const skipped = new Map<string, { rows: number; position: Position }>();
  const failures = new Map<string, string>();
  const asked: string[] = [];
  const view: FakeRecord[] = [];
  let next = 49_000_000_000_000n * 10n ** 42n;
  let lastRefreshAt = 0;

  function kindOf(sql: string): string {
    const plain = normal(sql);
    const tile = tiles.find((candidate) => normal(candidate.sql) === plain);
    if (tile !== undefined) return tile.id;
    if (plain === normal(eventCountsSql)) return "counts";
    if (plain === normal(skippedSql)) return "skipped";
    if (plain.includes("sys_mv_refresh_history")) return "runs";
    if (plain.includes("AS expired")) return "expired";
    if (plain.startsWith("SELECT COUNT(*) AS records")) return "check";
    throw new Error(`the fake warehouse does not know: ${plain}`);
  }

  function answer(sql: string, parameters: Readonly<Record<string, string>>, index: number): QueryResult {
    const kind = kindOf(sql);
    const failure = failures.get(kind);
    if (failure !== undefined)
      throw new StatementError(failure, { statementId: "fake", sql, status: "FAILED", statementIndex: index });
    const since = parameters[`since_${index}`] ?? parameters.since ?? "";
    const rows = view.filter((record) => (record.refreshTime ?? "") > since);
    return result(kind, answerRows(kind, rows, parameters));
  }

  function answerRows(kind: string, rows: FakeRecord[], parameters: Readonly<Record<string, string>>): Cell[][] {
    const windowStart = fromTimestamp(parameters.window_start ?? "1970-01-01 00:00:00");
    const typed = rows.filter(({ body }) => body.family !== "bad");
    switch (kind) {
      case "records":
        return group(rows, ({ shardId }) => [shardId]).map(({ key, items }) => [
          ...key,
          items.length,
          items
            .map(({ position }) => position.padStart(128, "0"))
            .toSorted()
            .at(-1) ?? "",
          items
            .map(({ refreshTime }) => refreshTime ?? "")
            .toSorted()
            .at(-1) ?? "",
        ]);
      case "events":
        return group(
          typed.filter(({ arrivedAt }) => arrivedAt >= windowStart),
          ({ body, arrivedAt }) => ["name" in body ? body.name : "", toTimestamp(Math.floor(arrivedAt / 1000) * 1000)],
        ).map(({ key, items }) => [...key, items.length]);
      case "freshness":
        return group(rows, ({ refreshTime = "", arrivedAt }) => [
          refreshTime,
          Math.floor((fromTimestamp(refreshTime) - arrivedAt) / 10) * 10,
        ]).map(({ key, items }) => [...key, items.length]);
      case "latest":
        return typed
          .slice(-12)
          .toReversed()
          .map(({ arrivedAt, body }) => [
            toTimestamp(arrivedAt),
            "name" in body ? body.name : "",
            "user" in body ? body.user : "",
            body.family === "web_requests" ? body.path : null,
            body.family === "web_requests" ? body.status : null,
          ]);
      case "statuses":
        return group(rows, ({ body }) => (body.family === "web_requests" ? [body.status] : undefined)).map(counted);
      case "top-users":
        return group(typed, ({ body }) => ("user" in body ? [body.user] : undefined)).map(counted);
      case "top-paths":
        return group(rows, ({ body }) => (body.family === "web_requests" ? [body.path] : undefined)).map(
          ({ key, items }) => [
            ...key,
            items.length,
            items.reduce((sum, { body }) => sum + (body.family === "web_requests" ? (body.bytes ?? 0) : 0), 0),
          ],
        );
      case "quarantine":
        return group(rows, ({ body }) => (body.family === "bad" ? [body.reason] : undefined)).map(({ key, items }) => [
          ...key,
          items.length,
          toTimestamp(items.at(-1)?.arrivedAt ?? 0),
        ]);
      case "counts":
        return [
          ["total", rows.filter(({ body }) => body.family !== "bad" || body.isEvent).length],
          ["activity", rows.filter(({ body }) => body.family === "activity").length],
          ["web_requests", rows.filter(({ body }) => body.family === "web_requests").length],
          ...group(rows, ({ body }) =>
            body.family === "bad" ? [body.isEvent ? "quarantined" : "without events"] : undefined,
          ).map(counted),
        ];
      case "check":
        return [[view.length]];
      case "skipped":
        return [...skipped].map(([shardId, { rows: count, position }]) => [
          shardId,
          count,
          position.padStart(128, "0"),
        ]);
      case "expired":
        return group(
          view.filter(({ shardId, position }) =>
            Object.keys(parameters).some(
              (name) =>
                parameters[name] === shardId &&
                position.padStart(128, "0") < (parameters[name.replace("shard", "first")] ?? "").padStart(128, "0"),
            ),
          ),
          ({ shardId }) => [shardId],
        ).map(counted);
      default:
        throw new Error(`ERROR: relation "${kind}" does not exist`);
    }
  }

  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof ListShardsCommand)
      return Promise.resolve({ Shards: [...shards.keys()].map((ShardId) => ({ ShardId })) });
    if (command instanceof GetShardIteratorCommand) {
      const { ShardId = "", StartingSequenceNumber } = command.input as GetShardIteratorCommandInput;
      return Promise.resolve({ ShardIterator: `${ShardId}/${StartingSequenceNumber ?? ""}` });
    }
    if (command instanceof GetRecordsCommand) {
      const { ShardIterator = "", Limit = 10_000 } = command.input as GetRecordsCommandInput;
      const [shardId = "", after = ""] = ShardIterator.split("/");
      const rest = (shards.get(shardId) ?? []).filter(({ position }) => position > after);
      const page = rest.slice(0, Limit);
      return Promise.resolve({
        Records: page.map(({ position }) => ({ SequenceNumber: position })),
        NextShardIterator: `${shardId}/${page.at(-1)?.position ?? after}`,
        MillisBehindLatest: rest.length > page.length ? 1 : 0,
      });
    }
    return Promise.reject(new Error("the fake stream does not know this command"));
  };

  return {
    kinesis: { send } as StreamClient,
    warehouse: {
      query(sql, parameters = {}) {
        asked.push(kindOf(sql));
        return attempt(() => answer(sql, parameters, 0));
      },
      execute: () => Promise.reject(new Error("the page executes nothing")),
      batch(sqls, { parameters = {} }: BatchOptions = {}) {
        asked.push(`batch ${sqls.map(kindOf).join(" ")}`);
        return attempt(() => sqls.map((sql, index) => answer(sql, parameters, index)));
      },
    },
    put(shardId, body) {
      next += 1n;
      const position = String(next);
      shards.get(shardId)?.push({ shardId, position, arrivedAt: now(), body });
      return position;
    },
    refresh({ limit = Infinity, skip = () => false, lose = () => false } = {}) {
      lastRefreshAt = Math.max(lastRefreshAt + 1, now());
      const refreshTime = toTimestamp(lastRefreshAt);
      for (const [shardId, records] of shards) {
        const loaded = records
          .filter(({ position }) => comparePositions(position, reached.get(shardId) ?? "0") > 0)
          .slice(0, limit);
        for (const [index, record] of loaded.entries()) {
          if (!skip(record.body) && !lose(record.body, index)) view.push(Object.assign(record, { refreshTime }));
          const rows = (skipped.get(shardId)?.rows ?? 0) + (skip(record.body) ? 1 : 0);
          skipped.set(shardId, { rows, position: record.position });
        }
        const last = loaded.at(-1);
        if (last !== undefined) reached.set(shardId, last.position);
      }
    },
    forgetView() {
      view.length = 0;
      reached.clear();
      skipped.clear();
    },
    expire: (shardId, count) => void shards.get(shardId)?.splice(0, count),
    addShard: (shardId) => void shards.set(shardId, []),
    asked,
    failures,
  };
}

const columnNames: Readonly<Record<string, readonly string[]>> = {
  "top-paths": ["label", "requests", "bytes"],
  "top-users": ["label", "events"],
};

function result(kind: string, rows: Cell[][]): QueryResult {
  const columns = (columnNames[kind] ?? []).map((name) => ({ name, typeName: "varchar" }));
  return { statementId: "fake", columns, rows };
}

function group(
  records: readonly FakeRecord[],
  keyOf: (record: FakeRecord) => Cell[] | undefined,
): { key: Cell[]; items: FakeRecord[] }[] {
  const groups = new Map<string, { key: Cell[]; items: FakeRecord[] }>();
  for (const record of records) {
    const key = keyOf(record);
    if (key === undefined) continue;
    const text = JSON.stringify(key);
    const known = groups.get(text);
    if (known === undefined) groups.set(text, { key, items: [record] });
    else known.items.push(record);
  }
  return [...groups.values()];
}

function counted({ key, items }: { key: Cell[]; items: FakeRecord[] }): Cell[] {
  return [...key, items.length];
}

function normal(sql: string): string {
  return sql
    .replaceAll(/:since_\d+/g, ":since")
    .replaceAll(/\s+/g, " ")
    .trim();
}

async function attempt<Value>(make: () => Value): Promise<Value> {
  return Promise.resolve().then(make);
}
