import { randomBytes } from "node:crypto";
import type { Database } from "lmdb";
import { committed } from "../durability/committed.ts";
import { removeStreamLog } from "../log/trim.ts";
import type { Blocks } from "../log/shard-log.ts";
import type { ShardLimits } from "../physics/shard-limits.ts";
import { SEAL_KEY_BYTES } from "../tokens/seal.ts";
import { createShardStates, openStream } from "./stream.ts";
import type { Stream, StreamState } from "./stream.ts";

/** The streams of one directory. */
export interface Catalogue {
  find(name: string): Stream | undefined;
  findById(id: number): Stream | undefined;
  /** All streams in order of their names. */
  list(): readonly Stream[];
  /** Keeps a new stream of a name that is free. */
  create(args: NewStream): Promise<Stream>;
  /** Replaces what is kept of a stream. Resolves once that is committed. */
  update(state: StreamState): Promise<Stream>;
  /** Forgets a stream, then removes its records in the background, once `quiet` says that no put is on its way to it. */
  remove(stream: Stream, quiet: () => Promise<void>): Promise<void>;
  /** Makes puts to a stream wait, until the function it answers is called. */
  hold(id: number): () => void;
  /** What puts to a stream wait for, if they must. */
  held(id: number): Promise<void> | undefined;
  /** The key of this directory's opaque tokens. */
  readonly sealKey: Buffer;
  /** Resolves once removals of records have ended. */
  settled(): Promise<void>;
}

/** What makes a stream: its state but for what the catalogue gives. */
export interface NewStream extends Omit<StreamState, "id" | "createdAt" | "shards"> {
  readonly shardCount: number;
}

/** What is kept beside the streams. */
interface Ledger {
  readonly nextStreamId: number;
  /** The latest second in which a shard of a removed stream was created: no stream to come has one as early. */
  readonly removedShardSecond: number;
  /** Streams whose records are yet to be removed. */
  readonly removed: readonly number[];
  readonly sealKey: string;
}

const LEDGER_KEY = "ledger";
/** New shards are dated back this far, as on AWS (mhart/kinesalite:actions/createStream.js). */
const SHARD_SECOND_LAG = 2;

/** Opens the catalogue and goes on with removals that a stop cut short. */
export async function openCatalogue(options: {
  readonly streams: Database<StreamState, string>;
  readonly ledger: Database<Ledger, string>;
  readonly blocks: Blocks;
  readonly now: () => number;
  readonly newShardLimits: () => ShardLimits;
  /** Hears of every stream whose state changed or that is gone. */
  readonly onChange: (streamId: number) => void;
  readonly log: (line: string) => void;
}): Promise<Catalogue> {
  const { streams, blocks, now, newShardLimits, onChange, log } = options;
  const byName = new Map<string, Stream>();
  const byId = new Map<number, Stream>();
  for (const { value } of streams.getRange()) remember(openStream(value, blocks, newShardLimits));

  let ledger: Ledger = options.ledger.get(LEDGER_KEY) ?? {
    nextStreamId: 1,
    removedShardSecond: 0,
    removed: [],
    sealKey: randomBytes(SEAL_KEY_BYTES).toString("base64"),
  };
  /** Within a batch of writes it is part of that, and need not be waited for. */
  const keepLedger = (change: Partial<Ledger>): Promise<boolean> => {
    ledger = { ...ledger, ...change };
    return committed(options.ledger.put(LEDGER_KEY, ledger));
  };
  await keepLedger({});

  const holds = new Map<number, Promise<void>>();
  const removals = new Set<Promise<void>>();
  const removeRecords = (id: number, quiet: () => Promise<void>): void => {
    const removal = quiet()
      .then(() => removeStreamLog(blocks, id))
      .then(() => keepLedger({ removed: ledger.removed.filter((other) => other !== id) }))
      .catch((error: unknown) => log(`removing the records of stream ${id} failed: ${String(error)}`))
      .then(() => void removals.delete(removal));
    removals.add(removal);
  };
  for (const id of ledger.removed) removeRecords(id, () => Promise.resolve());

  function remember(stream: Stream): Stream {
    byName.set(stream.state.name, stream);
    byId.set(stream.state.id, stream);
    return stream;
  }

  function forget({ state }: Stream): void {
    byName.delete(state.name);
    byId.delete(state.id);
  }

  /** Commits writes that belong together, or undoes what went before them in memory and throws. */
  const commit = (writes: () => void, undo: () => void): Promise<boolean> =>
    committed(streams.batch(writes)).catch((error: unknown) => {
      undo();
      throw error;
    });

  return {
    sealKey: Buffer.from(ledger.sealKey, "base64"),
    find: (name) => byName.get(name),
    findById: (id) => byId.get(id),
    list: () => [...byName.values()].sort((left, right) => (left.state.name < right.state.name ? -1 : 1)),
    async create({ shardCount, ...args }) {
      const id = ledger.nextStreamId;
      const second = Math.max(Math.floor(now() / 1000) - SHARD_SECOND_LAG, ledger.removedShardSecond + 1);
      const createdAt = now();
      const shards = createShardStates(shardCount, second, createdAt);
      const stream = remember(openStream({ ...args, id, createdAt, shards }, blocks, newShardLimits));
      const keep = (): void => {
        void keepLedger({ nextStreamId: id + 1 });
        void streams.put(args.name, stream.state);
      };
      await commit(keep, () => forget(stream));
      return stream;
    },
    async update(state) {
      const before = byId.get(state.id);
      const stream = remember(openStream(state, blocks, newShardLimits, before));
      onChange(state.id);
      const undo = (): void => {
        // A later update holds this one too, and answers for both.
        if (!before || byId.get(state.id) !== stream) return;
        remember(before);
        onChange(state.id);
      };
      await commit(() => void streams.put(state.name, state), undo);
      return stream;
    },
    async remove(stream, quiet) {
      const { state } = stream;
      const removedShardSecond = Math.max(
        ...state.shards.map((shard) => shard.createdSecond),
        ledger.removedShardSecond,
      );
      const { removed } = ledger;
      const keep = (): void => {
        void keepLedger({ removed: [...removed, state.id], removedShardSecond });
        void streams.remove(state.name);
      };
      const undo = (): void => {
        remember(stream);
        ledger = { ...ledger, removed: ledger.removed.filter((id) => id !== state.id) };
      };
      forget(stream);
      await commit(keep, undo);
      onChange(state.id);
      removeRecords(state.id, quiet);
    },
    hold(id) {
      let release = (): void => {};
      holds.set(id, new Promise((resolve) => (release = resolve)));
      return () => {
        holds.delete(id);
        release();
      };
    },
    held: (id) => holds.get(id),
    async settled() {
      await Promise.all(removals);
    },
  };
}
