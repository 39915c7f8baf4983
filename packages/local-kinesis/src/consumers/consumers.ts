import type { Database } from "lmdb";
import type { Clock } from "../clock.ts";
import { committed } from "../durability/committed.ts";
import { createTimetable } from "../timetable.ts";
import { consumerStatus } from "./consumer.ts";
import type { Consumer, ConsumerTransition } from "./consumer.ts";

/** The consumers of one directory. What they pass through outlives the process. */
export interface Consumers {
  find(streamId: number, name: string): Consumer | undefined;
  /** The consumers of a stream in order of their names, whatever their state. */
  list(streamId: number): readonly Consumer[];
  /** How many are CREATING, of all streams. */
  creatingCount(): number;
  /** Keeps a new consumer of a name that is free; it is CREATING for a while. */
  register(consumer: Pick<Consumer, "streamId" | "name" | "tags">): Promise<Consumer>;
  /** Replaces what is kept of a consumer, its state aside. Resolves once that is committed. */
  update(consumer: Consumer): Promise<void>;
  /** Removes a consumer at the end of a while in which it is DELETING. One that is DELETING already goes on as it is. */
  deregister(consumer: Consumer): Promise<void>;
  /** Removes the consumers of a stream that is gone, at once. */
  removeAll(streamId: number): void;
  /** Calls off what is scheduled and waits for what is being written. */
  close(): Promise<void>;
}

/**
 * Opens what is kept of consumers, forgets those of streams that are gone, and goes on with the states under way.
 * Each state lasts `delayMs`; with 0 it is never seen. `onChange` hears of every change of a
 * consumer's state, by its stream.
 */
export async function openConsumers(options: {
  readonly database: Database<Consumer, string>;
  readonly hasStream: (streamId: number) => boolean;
  readonly clock: Clock;
  readonly delayMs: number;
  readonly onChange: (streamId: number) => void;
  readonly log: (line: string) => void;
}): Promise<Consumers> {
  const { database, hasStream, clock, delayMs, onChange, log } = options;
  const byStream = new Map<number, Map<string, Consumer>>();
  const timetable = createTimetable<string>({ kind: "consumer", clock, log });

  const find = (streamId: number, name: string): Consumer | undefined => byStream.get(streamId)?.get(name);

  const remember = (consumer: Consumer): void => {
    const { streamId, name } = consumer;
    const ofStream = byStream.get(streamId);
    if (ofStream) ofStream.set(name, consumer);
    else byStream.set(streamId, new Map([[name, consumer]]));
  };

  const keep = async (consumer: Consumer): Promise<void> => {
    remember(consumer);
    onChange(consumer.streamId);
    await committed(database.put(keyOf(consumer), consumer));
  };

  const remove = async (consumer: Consumer): Promise<void> => {
    const { streamId, name } = consumer;
    timetable.callOff(keyOf(consumer));
    const ofStream = byStream.get(streamId);
    ofStream?.delete(name);
    if (ofStream?.size === 0) byStream.delete(streamId);
    onChange(streamId);
    await committed(database.remove(keyOf(consumer)));
  };

  const end = async ({ streamId, name }: Consumer): Promise<void> => {
    const consumer = find(streamId, name);
    if (!consumer?.transition) return;
    if (consumer.transition.status === "DELETING") await remove(consumer);
    else await keep({ ...consumer, transition: undefined });
  };

  const schedule = (consumer: Consumer, until: number): void =>
    timetable.schedule(keyOf(consumer), until, () => end(consumer));

  const enter = (consumer: Consumer, status: ConsumerTransition["status"]): Promise<void> => {
    const until = clock.now() + delayMs;
    schedule(consumer, until);
    return keep({ ...consumer, transition: { status, until } });
  };

  for (const { value } of [...database.getRange()]) {
    remember(value);
    if (!hasStream(value.streamId)) await remove(value);
    else if (value.transition && value.transition.until <= clock.now()) await end(value);
    else if (value.transition) schedule(value, value.transition.until);
  }

  return {
    find,
    list: (streamId) =>
      [...(byStream.get(streamId)?.values() ?? [])].sort((left, right) => (left.name < right.name ? -1 : 1)),
    creatingCount() {
      let count = 0;
      for (const ofStream of byStream.values()) {
        for (const consumer of ofStream.values()) if (consumerStatus(consumer) === "CREATING") count += 1;
      }
      return count;
    },
    async register(args) {
      const consumer = { ...args, createdSecond: Math.floor(clock.now() / 1000) };
      await (delayMs === 0 ? keep(consumer) : enter(consumer, "CREATING"));
      return find(args.streamId, args.name) ?? consumer;
    },
    update: keep,
    async deregister(consumer) {
      if (delayMs === 0) await remove(consumer);
      else if (consumerStatus(consumer) !== "DELETING") await enter(consumer, "DELETING");
    },
    removeAll(streamId) {
      for (const consumer of [...(byStream.get(streamId)?.values() ?? [])])
        void timetable.track(keyOf(consumer), remove(consumer));
    },
    close: () => timetable.close(),
  };
}

function keyOf({ streamId, name }: Pick<Consumer, "streamId" | "name">): string {
  return `${streamId}/${name}`;
}
