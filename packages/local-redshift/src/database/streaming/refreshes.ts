import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { SqlError } from "../../sql/sql-error.ts";
import type { Catalogue } from "../catalogue.ts";
import { isStreamingView, type StreamingViewObject } from "../catalogue-object.ts";
import type { DatabaseCore } from "../database-core.ts";
import type { LockOwner } from "../locks.ts";
import { Shredder } from "../shredding/shredder.ts";
import {
  createShreddedPathsTable,
  forgetShreddedPaths,
  loadShreddedPaths,
  pathKey,
  type AskedPath,
  type ReadablePaths,
  type ShreddedPath,
} from "../shredding/shredded-path.ts";
import { createKeptViewsTable, dropOrphans, forgetKeptViews, type KeptViews } from "../kept-views.ts";
import { readRows } from "../duck.ts";
import { RefreshHistory } from "./refresh-history.ts";
import {
  createPositionTables,
  forgetPositions,
  loadPositions,
  type ShardPosition,
  type SkippedRecord,
} from "./stream-positions.ts";
import { ViewRefresher, type RefreshOutcome } from "./view-refresher.ts";

/** Shortest time between the starts of two refreshes of one view, so that small appends are loaded together. */
const leastPauseMs = 20;
/**
 * After a refresh a view rests this many times as long as it took, and at most so many milliseconds, so that readers and a laptop's
 * battery have something too: with the pipeline's three typed views a refresh of a few rows takes about 15 ms. One of many rows is
 * followed sooner: its rows are what takes the time, and they come whether it rests or not.
 */
const restShare = 1.5;
const maxRestMs = 25;
const manyRows = 500;
const maxRestOfManyMs = 5;
/** A view is refreshed this often when nothing wakes it, and this long after a failed refresh. */
const idlePollMs = 2_000;
/** Manual refreshes stop here, should a stream grow as fast as it is read. */
const maxManualRounds = 1_000;

interface FollowedView {
  readonly refresher: ViewRefresher;
  readonly shredder: Shredder;
  readonly unsubscribe: () => void;
  view: StreamingViewObject;
  timer: NodeJS.Timeout | undefined;
  running: Promise<unknown> | undefined;
  wanted: boolean;
  lastStart: number;
  lastMs: number;
  lastRows: number;
  /** The last refresh failed: the next waits, however many records come. */
  failed: boolean;
}

/** Refreshes all streaming views of a database: on their own where AUTO REFRESH is on, and when asked. */
export class Refreshes {
  readonly history = new RefreshHistory();
  readonly #database: DatabaseCore;
  readonly #duck: DuckDBInstance;
  readonly #views = new Map<number, Promise<FollowedView>>();
  #stored = new Map<number, Map<string, ShardPosition>>();
  readonly #skipped = new Map<number, SkippedRecord[]>();
  #lastPid = 900_000;
  readonly #refreshers = new Map<number, ViewRefresher>();
  readonly #shredders = new Map<number, Shredder>();
  #keptViews: KeptViews = new Map();
  /** The shredded paths of each view, whether they may be read or not. */
  readonly #shredded = new Map<number, readonly ShreddedPath[]>();
  #readable: ReadablePaths = new Map();
  #closed = false;

  constructor(database: DatabaseCore, duck: DuckDBInstance) {
    this.#database = database;
    this.#duck = duck;
  }

  /** Reads positions from the file; to be called once, before {@link Refreshes.follow}. */
  async load(connection: DuckDBConnection): Promise<void> {
    await createPositionTables(connection);
    await createKeptViewsTable(connection);
    await dropOrphans(connection);
    this.#stored = await loadPositions(connection);
    await createShreddedPathsTable(connection);
    for (const [oid, paths] of await loadShreddedPaths(connection)) this.#offer(oid, paths);
    for (const row of await readRows(connection, "SELECT * FROM main.skipped_records")) {
      const [viewOid, shardId, sequenceNumber, arrivedAt, recordedAt] = row as [bigint, string, string, number, number];
      this.#addSkipped(Number(viewOid), [{ shardId, sequenceNumber, arrivedAt, recordedAt }]);
    }
  }

  /** Starts on views that are new in the catalogue, and stops on those that are gone. */
  follow(catalogue: Catalogue): void {
    if (this.#closed) return;
    const present = new Set<number>();
    for (const view of catalogue.relations) {
      if (!isStreamingView(view)) continue;
      present.add(view.oid);
      const followed = this.#views.get(view.oid) ?? this.#start(view);
      this.#views.set(view.oid, followed);
      void followed.then((state) => {
        state.view = view;
        this.#wake(state);
      });
    }
    for (const [oid, followed] of this.#views)
      if (!present.has(oid)) {
        this.#views.delete(oid);
        this.#stored.delete(oid);
        this.#skipped.delete(oid);
        this.#refreshers.delete(oid);
        this.#shredders.delete(oid);
        this.#shredded.delete(oid);
        this.#readable = new Map([...this.#readable].filter(([other]) => other !== oid));
        void followed.then((state) => stop(state));
      }
  }

  /** Waits until all views are followed, and what is kept of them can be read. */
  async settled(): Promise<void> {
    await Promise.all(this.#views.values());
  }

  /** Refreshes a view for a session until its stream has no more. Rejects with what made the refresh fail. */
  async refreshNow(oid: number, user: string, session: LockOwner, signal?: AbortSignal): Promise<void> {
    const state = await this.#views.get(oid);
    if (state === undefined) throw new SqlError("the materialized view does not exist", { sqlState: "42P01" });
    await this.#database.locks.whileAwaiting(session, state.refresher, async () => {
      for (let round = 0; round < maxManualRounds && !this.#closed; round += 1) {
        signal?.throwIfAborted();
        while (state.running !== undefined) await state.running;
        const outcome = await this.#run(state, "Manual", user);
        if (outcome.error !== undefined) throw outcome.error;
        if (!outcome.more) return;
      }
    });
  }

  /** Removes a dropped view's positions, as part of the transaction that drops it. */
  async forget(oid: number, connection: DuckDBConnection): Promise<void> {
    await forgetPositions(connection, oid);
    await forgetKeptViews(connection, oid);
    await forgetShreddedPaths(connection, oid);
  }

  /** What sessions may read of each view's SUPER values from hidden columns. */
  get shreddedPaths(): ReadablePaths {
    return this.#readable;
  }

  /** Takes note of a query that had to read JSON for want of a shredded path. */
  ask(oid: number, path: AskedPath): void {
    this.#shredders.get(oid)?.ask(path);
  }

  #offer(oid: number, paths: readonly ShreddedPath[]): void {
    this.#shredded.set(oid, paths);
    const complete = paths.filter((path) => path.isComplete);
    const others = [...this.#readable].filter(([other]) => other !== oid);
    this.#readable = new Map([...others, [oid, new Map(complete.map((path) => [pathKey(path), path.hidden]))]]);
  }

  /** Views whose rows are kept. */
  get keptViews(): KeptViews {
    return this.#keptViews;
  }

  /** Takes the views over a streaming view for not kept, until its next refresh has looked again. */
  stopKeeping(oid: number): void {
    this.#keptViews = new Map([...this.#keptViews].filter(([, kept]) => kept.sourceOid !== oid));
    this.#refreshers.get(oid)?.stopKeeping();
    void this.#views.get(oid)?.then((state) => this.#wake(state));
  }

  /** How far each shard of a view is read. */
  positionsOf(oid: number): readonly ShardPosition[] {
    return [...(this.#stored.get(oid)?.values() ?? [])];
  }

  /** Rows that all views have been given. */
  get scannedRows(): number {
    return [...this.#stored.values()].reduce((sum, shards) => sum + scannedIn(shards).rows, 0);
  }

  skippedOf(oid: number): readonly SkippedRecord[] {
    return this.#skipped.get(oid) ?? [];
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const followed of this.#views.values()) await stop(await followed);
    this.#views.clear();
  }

  async #start(view: StreamingViewObject): Promise<FollowedView> {
    const connection = await this.#duck.connect();
    const pid = (this.#lastPid += 1);
    const refresher = new ViewRefresher(this.#database, connection, pid, this.#stored.get(view.oid) ?? new Map());
    this.#refreshers.set(view.oid, refresher);
    await refresher.findKept(view);
    this.#offerKept(view.oid, refresher);
    const shredder = this.#startShredder(view, refresher);
    const state: FollowedView = {
      refresher,
      shredder,
      view,
      unsubscribe: this.#database.settings.streams.onAppend(view.source.streamName, () => this.#wake(state)),
      timer: undefined,
      running: undefined,
      wanted: false,
      lastStart: 0,
      lastMs: 0,
      lastRows: 0,
      failed: false,
    };
    return state;
  }

  #startShredder(view: StreamingViewObject, refresher: ViewRefresher): Shredder {
    const paths = this.#shredded.get(view.oid) ?? [];
    refresher.shred(paths);
    const shredder = new Shredder(
      {
        database: this.#database,
        view,
        pid: refresher.pid,
        connect: () => this.#duck.connect(),
        scanned: () => scannedIn(refresher.positions),
        added: (all) => refresher.shred(all),
        completed: (all) => this.#offer(view.oid, all),
      },
      paths,
    );
    this.#shredders.set(view.oid, shredder);
    return shredder;
  }

  /** Sees to it that a refresh starts, at once when the view is at rest. */
  #wake(state: FollowedView): void {
    if (this.#closed || !state.view.autoRefresh) return;
    if (state.running !== undefined) {
      state.wanted = true;
      return;
    }
    if (state.wanted) return;
    state.wanted = true;
    const delay = this.#database.settings.refreshDelayMs ?? 0;
    const mostRest = state.lastRows < manyRows ? maxRestMs : maxRestOfManyMs;
    const rest = state.failed ? idlePollMs : Math.min(state.lastMs * restShare, mostRest);
    const pause = state.lastStart + Math.max(leastPauseMs, state.lastMs + rest) - performance.now();
    this.#schedule(state, Math.max(delay, pause, 0));
  }

  #schedule(state: FollowedView, delayMs: number): void {
    clearTimeout(state.timer);
    state.timer = setTimeout(() => void this.#autoRefresh(state), delayMs);
  }

  async #autoRefresh(state: FollowedView): Promise<void> {
    if (this.#closed || !state.view.autoRefresh) return;
    while (state.running !== undefined) await state.running;
    state.wanted = false;
    const outcome = await this.#run(state, "Auto", state.view.owner);
    if (this.#closed) return;
    const again = outcome.error === undefined && (outcome.more || state.wanted);
    state.wanted = false;
    if (outcome.more && outcome.error === undefined) this.#schedule(state, 0);
    else if (again) this.#wake(state);
    else this.#schedule(state, idlePollMs);
  }

  #run(state: FollowedView, type: "Auto" | "Manual", user: string): Promise<RefreshOutcome> {
    state.lastStart = performance.now();
    const run = state.refresher.refresh(state.view, type, user).then((outcome) => {
      state.lastMs = performance.now() - state.lastStart;
      state.lastRows = outcome.run.shards.reduce((sum, { rows }) => sum + rows, 0);
      state.failed = outcome.error !== undefined;
      this.#record(state, outcome);
      return outcome;
    });
    state.running = run.finally(() => {
      state.running = undefined;
    });
    return run;
  }

  #record(state: FollowedView, outcome: RefreshOutcome): void {
    const { oid } = state.view;
    if (!this.#views.has(oid)) return;
    this.#stored.set(oid, new Map(state.refresher.positions));
    this.#offerKept(oid, state.refresher);
    this.#addSkipped(oid, outcome.skipped);
    if (outcome.run.shards.length > 0) this.#database.rowsChanged([oid]);
    const isNews = outcome.run.type === "Manual" || outcome.run.shards.length > 0 || outcome.error !== undefined;
    if (isNews) this.history.add(outcome.run);
  }

  #offerKept(oid: number, { keptViews }: ViewRefresher): void {
    const others = [...this.#keptViews].filter(([, kept]) => kept.sourceOid !== oid);
    this.#keptViews = new Map([...others, ...keptViews.map((kept) => [kept.view.oid, kept] as const)]);
  }

  #addSkipped(oid: number, records: readonly SkippedRecord[]): void {
    if (records.length > 0) this.#skipped.set(oid, [...(this.#skipped.get(oid) ?? []), ...records]);
  }
}

function scannedIn(positions: ReadonlyMap<string, ShardPosition>): { readonly rows: number; readonly bytes: number } {
  const all = [...positions.values()];
  return {
    rows: all.reduce((sum, { rows }) => sum + rows, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

async function stop(state: FollowedView): Promise<void> {
  state.unsubscribe();
  clearTimeout(state.timer);
  await state.shredder.close();
  while (state.running !== undefined) await state.running;
  await state.refresher.close();
}
