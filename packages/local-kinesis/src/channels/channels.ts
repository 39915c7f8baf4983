import { randomUUID } from "node:crypto";
import type { Database } from "lmdb";
import type { Clock } from "../clock.ts";
import { committed } from "../durability/committed.ts";
import { createTimetable } from "../timetable.ts";
import type { Channel, ChannelTransition } from "./channel.ts";

/** The channels of one directory. What they pass through outlives the process. */
export interface Channels {
  find(id: string): Channel | undefined;
  /** All channels in order of their names, whatever their state. */
  list(): readonly Channel[];
  /** Those of one stream. */
  ofStream(streamId: number): readonly Channel[];
  /** Keeps a new channel; it is CREATING for a while. */
  create(channel: Channel): Promise<void>;
  /** Keeps a channel's new settings, which hold at once; it is UPDATING for a while. */
  update(channel: Channel): Promise<void>;
  /** Replaces a channel's tags. */
  setTags(channel: Channel, tags: Channel["tags"]): Promise<void>;
  /** Removes a channel at the end of a while in which it is DELETING. */
  remove(channel: Channel): Promise<void>;
  /** Calls off what is scheduled and waits for what is being written. */
  close(): Promise<void>;
}

/** The id of a new channel. */
export function newChannelId(): string {
  return randomUUID();
}

/**
 * Opens what is kept of channels and goes on with the states under way. Each state lasts `delayMs`; with 0 it has ended when
 * the call resolves.
 */
export function openChannels(options: {
  readonly database: Database<Channel, string>;
  readonly clock: Clock;
  readonly delayMs: number;
  readonly log: (line: string) => void;
}): Channels {
  const { database, clock, delayMs, log } = options;
  const byId = new Map<string, Channel>();
  const timetable = createTimetable<string>({ kind: "channel", clock, log });

  const keep = async (channel: Channel): Promise<void> => {
    byId.set(channel.id, channel);
    await committed(database.put(channel.id, channel));
  };

  const end = async (id: string): Promise<void> => {
    const channel = byId.get(id);
    if (!channel?.transition) return;
    if (channel.transition.status !== "DELETING") return keep({ ...channel, transition: undefined });
    byId.delete(id);
    await committed(database.remove(id));
  };

  const schedule = (id: string, until: number): void => timetable.schedule(id, until, () => end(id));

  const enter = async (channel: Channel, status: ChannelTransition["status"]): Promise<void> => {
    const until = clock.now() + delayMs;
    await keep({ ...channel, transition: { status, until } });
    if (delayMs === 0) await end(channel.id);
    else schedule(channel.id, until);
  };

  for (const { value } of database.getRange()) {
    byId.set(value.id, value);
    if (value.transition) schedule(value.id, value.transition.until);
  }

  const list = (): readonly Channel[] => [...byId.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  return {
    find: (id) => byId.get(id),
    list,
    ofStream: (streamId) => list().filter(({ stream }) => stream.id === streamId),
    create: (channel) => enter(channel, "CREATING"),
    update: (channel) => enter(channel, "UPDATING"),
    setTags: (channel, tags) => keep({ ...channel, tags }),
    remove: (channel) => enter(channel, "DELETING"),
    close: () => timetable.close(),
  };
}
