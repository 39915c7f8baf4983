import type { Catalogue, NewStream } from "./catalogue.ts";
import type { Clock } from "../clock.ts";
import { FIRST_INDEX } from "../log/shard-log.ts";
import type { LogWriter } from "../log/log-writer.ts";
import { createTimetable } from "../timetable.ts";
import { halveShards, mergeShards, rescaleShards, splitShard } from "./resharding.ts";
import type { Turn } from "./resharding.ts";
import { hasBeenActive } from "./stream.ts";
import type { ShardChange, ShardState, Stream, StreamState, StreamTransition } from "./stream.ts";

/** Takes streams through CREATING, UPDATING and DELETING. What is under way outlives the process. */
export interface Lifecycle {
  /** Keeps a new stream, which is CREATING for a while. */
  create(args: NewStream): Promise<void>;
  /** Keeps a stream's new settings, which hold at once; it is UPDATING for a while. */
  update(state: StreamState): Promise<void>;
  /** Changes a stream's shards at the end of a while in which it is UPDATING. */
  reshard(state: StreamState, change: ShardChange): Promise<void>;
  /** Removes a stream at the end of a while in which it is DELETING; until then it takes and gives records. */
  remove(stream: Stream): Promise<void>;
  /** Goes on with what an earlier process left under way, and ends what should have ended while none ran. */
  resume(): Promise<void>;
  /** Calls off what is scheduled and waits for what is being ended. */
  close(): Promise<void>;
}

/** The lifecycle of the streams of one catalogue. Each state lasts `delayMs`; with 0 it has ended when the call resolves. */
export function createLifecycle(options: {
  readonly catalogue: Catalogue;
  readonly writer: LogWriter;
  readonly clock: Clock;
  readonly delayMs: number;
  readonly log: (line: string) => void;
}): Lifecycle {
  const { catalogue, writer, clock, delayMs, log } = options;
  const timetable = createTimetable<number>({ kind: "stream", clock, log });

  const end = async (id: number): Promise<void> => {
    const stream = catalogue.findById(id);
    const transition = stream?.state.transition;
    if (!stream || !transition) return;
    if (transition.status === "DELETING") return catalogue.remove(stream, () => writer.settled());
    if (!transition.change) return void (await catalogue.update({ ...stream.state, transition: undefined }));
    await reshard(id, transition.change);
  };

  /**
   * Changes the shards of a stream between two puts: those that came before are committed to the shards they knew,
   * those that come after wait and meet the new ones.
   */
  const reshard = async (id: number, change: ShardChange): Promise<void> => {
    const release = catalogue.hold(id);
    try {
      await writer.settled();
      const stream = catalogue.findById(id);
      if (!stream) return;
      const nextIndexOf = (index: number): number => stream.shards[index]?.log.nextIndex ?? FIRST_INDEX;
      const shards = applyChange(stream.state.shards, change, { at: clock.now(), nextIndexOf });
      await catalogue.update({ ...stream.state, shards, transition: undefined });
    } finally {
      release();
    }
  };

  const schedule = (id: number, until: number): void => timetable.schedule(id, until, () => end(id));

  const begin = (status: StreamTransition["status"], change?: ShardChange): StreamTransition => ({
    status,
    until: clock.now() + delayMs,
    ...(change ? { change } : {}),
  });
  const follow = async ({ state: { id, transition } }: Stream): Promise<void> => {
    if (!transition) return;
    if (delayMs === 0) await end(id);
    else schedule(id, transition.until);
  };

  return {
    async create(args) {
      await follow(await catalogue.create(delayMs === 0 ? args : { ...args, transition: begin("CREATING") }));
    },
    async update(state) {
      await follow(await catalogue.update(delayMs === 0 ? state : { ...state, transition: begin("UPDATING") }));
    },
    async reshard(state, change) {
      await follow(await catalogue.update({ ...state, transition: begin("UPDATING", change) }));
    },
    async remove({ state }) {
      const transition = { ...begin("DELETING"), ...(hasBeenActive(state) ? {} : { neverActive: true as const }) };
      await follow(await catalogue.update({ ...state, transition }));
    },
    async resume() {
      for (const { state } of catalogue.list()) {
        if (!state.transition) continue;
        if (state.transition.until <= clock.now()) await end(state.id);
        else schedule(state.id, state.transition.until);
      }
    },
    close: () => timetable.close(),
  };
}

function applyChange(shards: readonly ShardState[], change: ShardChange, turn: Turn): ShardState[] {
  switch (change.kind) {
    case "split":
      return splitShard(shards, change.shardIndex, change.secondStart, turn);
    case "merge":
      return mergeShards(shards, change.left, change.right, turn);
    case "halve":
      return halveShards(shards, change.shardIndexes, turn);
    case "rescale":
      return rescaleShards(shards, change.count, turn);
  }
}
