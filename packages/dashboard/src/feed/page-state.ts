import type { EventCounts } from "../counts/event-counts.ts";
import type { RecordCounts, ShardCounts } from "../counts/record-counts.ts";
import type { Chart } from "../tiles/tile.ts";
import type { Freshness } from "./freshness.ts";

/** What never changes while the server runs. */
export interface PageConfig {
  readonly stage: string;
  readonly streamName: string;
  readonly refreshMs: number;
  /** Length of the moving chart. */
  readonly windowSeconds: number;
  /** Event names of the contract, in its order: each keeps its colour. */
  readonly knownNames: readonly string[];
  readonly tiles: readonly { readonly id: string; readonly title: string; readonly chart: Chart }[];
}

/** The big number and what it is made of. */
export interface TotalTile {
  /** Rows of the streaming view. */
  readonly records: number;
  /** Events that families took. */
  readonly events: number;
  readonly families: readonly { readonly name: string; readonly events: number }[];
  readonly quarantined: number;
  /** Typed events per second over the last ten whole seconds. */
  readonly perSecond: number;
}

/** A change of the moving window, or with `reset` all of it. */
export interface SeriesTile {
  readonly reset: boolean;
  readonly names: readonly string[];
  /** `[epoch second, one count a name]`, each replacing what was there for that second. */
  readonly seconds: readonly (readonly number[])[];
  /** The newest second that no later event will change, in all likelihood. */
  readonly through: number;
}

/** One of the latest events. */
export interface LatestEvent {
  /** Arrival, epoch milliseconds. */
  readonly at: number;
  readonly name: string;
  readonly user: string;
  readonly path: string | null;
  readonly status: number | null;
}

/** A tile that is drawn from its rows alone. */
export interface RowsTile {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (null | boolean | number | string)[])[];
}

/** A tile at one moment. What it last showed stays when its query fails. */
export interface TileState {
  readonly content?: TotalTile | SeriesTile | Freshness | { readonly latest: readonly LatestEvent[] } | RowsTile;
  readonly error?: string;
}

/** The counts that add up, at one moment. */
export interface CountsState {
  /**
   * `reading`: the stream is being read for the first time. `settling`: the sides differ, for so short a time that it may be the
   * order in which the warehouse tells things. `different`: they have differed for longer.
   */
  readonly phase: "reading" | "ok" | "settling" | "different";
  /** Records of the stream read so far, since the server started. */
  readonly recordsRead: number;
  readonly records?: RecordCounts;
  readonly inFlight?: number;
  readonly perShard: readonly ShardCounts[];
  readonly events?: EventCounts;
  /** What the producer of this process says it has had confirmed. */
  readonly confirmed?: number;
  readonly notes: readonly string[];
  readonly error?: string;
}

/** What one server-sent event carries; a snapshot has all tiles, an update those that changed. */
export interface PageChange {
  /** Epoch milliseconds on the server. */
  readonly sentAt: number;
  readonly tiles: Readonly<Record<string, TileState>>;
  readonly counts?: CountsState;
  /** Why the last refresh gave nothing; null when it did. */
  readonly problem?: string | null;
  /** Whether any event was ever seen; absent when not known yet. */
  readonly isEmpty?: boolean;
}

/** The first event of each connection. */
export interface PageSnapshot extends PageChange {
  readonly config: PageConfig;
}
