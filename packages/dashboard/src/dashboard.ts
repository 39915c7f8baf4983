import { setTimeout } from "node:timers/promises";
import { families } from "@millrace/events";
import type { Warehouse } from "@millrace/warehouse";
import { createStreamCounter } from "./counts/stream-counter.ts";
import { type StreamClient, type StreamSource, streamSource } from "./counts/stream-source.ts";
import { type FeedPace, type LiveFeed, startLiveFeed } from "./feed/live-feed.ts";
import { readPageFiles } from "./http/page-files.ts";
import { startPageServer } from "./http/page-server.ts";
import { createViewers } from "./http/viewers.ts";
import { loadTiles } from "./tiles/tile.ts";

/** Where the page is, and what its badge says. */
export interface PageOptions {
  /** Shown as a badge; `local` adds the note that it is a stand-in. */
  readonly stage: string;
  /** Port on 127.0.0.1, from 0 (any free one) to 65,535. */
  readonly port: number;
}

/** What the page shows. */
export interface PipelineOptions {
  /** Runs the tiles' queries, once for all viewers. */
  readonly warehouse: Warehouse;
  /** Reads the stream again, to count it independently of the warehouse. */
  readonly kinesis: StreamClient;
  readonly streamName: string;
  /** Milliseconds between two refreshes while somebody watches: 250 to 60,000, default 500. */
  readonly refreshMs?: number;
  /** Told when the warehouse's answers fail, once for each new reason. */
  readonly log?: (line: string) => void;
  /** Events that the producer of this process has had confirmed. */
  readonly confirmed?: () => number;
}

/** What the page shows, and where. */
export type DashboardOptions = PageOptions & PipelineOptions;

/** The running page. */
export interface Dashboard {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Ends the queries and every connection. */
  close(): Promise<void>;
}

/** A page that is served and may have nothing to show yet. */
export interface OpenDashboard extends Dashboard {
  /**
   * Begins to show a pipeline; once only. The answer ends its queries and leaves the page, for who ends the pipeline first.
   * Throws `TypeError` for a `refreshMs` out of bounds.
   */
  show(pipeline: PipelineOptions): () => Promise<void>;
}

/** Pause between two reads of one shard: of its 5 reads a second, most stay for Redshift. */
const shardReadPauseMs = 400;

/**
 * Serves the live page on 127.0.0.1 and keeps it fed until `close`.
 * Throws `TypeError` for a port or `refreshMs` out of bounds, and an `Error` that names the cure when the port is in use. A warehouse
 * that does not answer is no error: the page says so and goes on asking.
 *
 * @example
 * ```ts
 * const page = await startDashboard({ warehouse, kinesis, streamName: "millrace-local", stage: "local", port: 4600 });
 * console.log(page.url);
 * ```
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  paceOf(options.refreshMs);
  const page = await openDashboard(options);
  page.show(options);
  return page;
}

/**
 * Serves the page before there is a pipeline: who opens it early sees that it is starting, and the tiles once `show` is called.
 * Throws as {@link startDashboard} does.
 */
export async function openDashboard({ stage, port }: PageOptions): Promise<OpenDashboard> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`port must be an integer from 0 to 65535, got ${port} (dashboard)`);
  const [tiles, files] = await Promise.all([loadTiles(), readPageFiles()]);
  let feed: LiveFeed | undefined;
  const viewers = createViewers({
    snapshot: () => feed?.snapshot(),
    onCount: (count) => feed?.setViewers(count),
  });
  const server = await startPageServer({ files, viewers, port });
  return {
    url: server.url,
    port: server.port,
    show({ warehouse, kinesis, streamName, refreshMs, log, confirmed }) {
      if (feed !== undefined) throw new TypeError("a page shows one pipeline, and this one has its own (dashboard)");
      const pace = paceOf(refreshMs);
      const { source, recordsRead } = countingReads(streamSource(kinesis, streamName));
      const counter = createStreamCounter({
        source,
        pause: async (signal) => void (await setTimeout(shardReadPauseMs, undefined, signal ? { signal } : {})),
      });
      feed = startLiveFeed({
        warehouse,
        counter,
        tiles,
        stage,
        streamName,
        knownNames: families.flatMap((family) => family.eventNames),
        pace,
        onChange: (change) => viewers.send(change),
        recordsRead,
        ...(log && { log }),
        ...(confirmed && { confirmed }),
      });
      viewers.begin();
      feed.setViewers(viewers.count);
      return feed.close;
    },
    async close() {
      await feed?.close();
      await server.close();
    },
  };
}

/** The pace of a page that refreshes every `refreshMs`, 250 to 60,000. */
function paceOf(refreshMs = 500): FeedPace {
  if (!(refreshMs >= 250 && refreshMs <= 60_000))
    throw new TypeError(`refreshMs must be from 250 to 60000, got ${refreshMs} (dashboard)`);
  return {
    refreshMs,
    idleMs: Math.max(30_000, refreshMs),
    slowMs: Math.max(2_000, refreshMs),
    countMs: 1_000,
  };
}

function countingReads(source: StreamSource): { source: StreamSource; recordsRead: () => number } {
  let records = 0;
  return {
    recordsRead: () => records,
    source: {
      listShards: () => source.listShards(),
      async read(shardId, after) {
        const read = await source.read(shardId, after);
        records += read.positions.length;
        return read;
      },
    },
  };
}
