import { randomUUID } from "node:crypto";
import type { Entry } from "../kinesis/payloads.ts";

/** One event a record, or many in an array. */
export type Form = "single" | "packed";

/** Bytes of an event as JSON. */
export const EVENT_BYTES = 200;
/** Events of a record that holds many: 20 kB. */
export const EVENTS_PER_PACK = 100;

const NAMES = ["JOIN", "LEAVE", "OPEN_CHAT", "SUBSCRIBE", "SEND_MESSAGE"];
/** Different calls' worth of events that are put again and again, so that making them is no part of a figure. */
const BATCH_COUNT = 16;

/** Calls' worth of records that hold `eventsPerCall` events of the family activity, all of them of {@link EVENT_BYTES}. */
export function makeEventBatches(form: Form, eventsPerCall: number): readonly (readonly Entry[])[] {
  return Array.from({ length: BATCH_COUNT }, () => {
    const events = Array.from({ length: eventsPerCall }, makeEvent);
    if (form === "single") return events.map(entryOf);
    const packs: string[] = [];
    for (let at = 0; at < events.length; at += EVENTS_PER_PACK)
      packs.push(`[${events.slice(at, at + EVENTS_PER_PACK).join(",")}]`);
    return packs.map(entryOf);
  });
}

function makeEvent(): string {
  const event = {
    event_id: randomUUID(),
    event_time: new Date().toISOString(),
    event_name: NAMES[Math.floor(Math.random() * NAMES.length)],
    user: Math.floor(Math.random() * 101),
    note: "",
  };
  return JSON.stringify({ ...event, note: "x".repeat(EVENT_BYTES - JSON.stringify(event).length) });
}

const entryOf = (text: string): Entry => ({ PartitionKey: randomUUID(), Data: Buffer.from(text) });
