import { activity, type ActivityEvent } from "./activity.ts";
import type { EventFamily } from "./family.ts";
import { webRequests, type WebRequestEvent } from "./web-requests.ts";

/** Any event of the contract. */
export type Event = ActivityEvent | WebRequestEvent;

/** Every family of the contract. No two share an event name or a view. */
export const families: readonly EventFamily<Event>[] = [activity, webRequests];

const familyByEventName = new Map(families.flatMap((family) => family.eventNames.map((name) => [name, family])));

/** The family that an event name belongs to, undefined for an unknown one. */
export function familyOf(eventName: unknown): EventFamily<Event> | undefined {
  return typeof eventName === "string" ? familyByEventName.get(eventName) : undefined;
}
