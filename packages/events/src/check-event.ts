import type { EventFamily } from "./family.ts";
import { familyOf, type Event } from "./families.ts";
import { findProblems, type EventProblem } from "./problems.ts";

/** Whether a value is an event of the contract: which, or everything that is wrong with it. */
export type EventCheck =
  | { readonly valid: true; readonly family: EventFamily<Event>; readonly event: Event }
  | { readonly valid: false; readonly problems: readonly EventProblem[] };

/**
 * Checks a value against the contract of the family that its `event_name` names. The value must be a plain object, as `JSON.parse` makes it, of
 * plain JSON values; nothing is converted, defaulted or copied. Never throws for a value that came from `JSON.parse`.
 *
 * ```ts
 * const check = checkEvent({ event_id: "7f", event_time: "2026-11-21T10:00:00Z", event_name: "JOIN", user: 101 });
 * if (!check.valid) console.error(check.problems); // [{ rule: "out-of-range", path: "/user", message: "expected an integer from 0 to 100, got …" }]
 * ```
 */
export function checkEvent(value: unknown): EventCheck {
  if (isPlainObject(value)) {
    const family = familyOf((value as { readonly event_name?: unknown }).event_name);
    if (family?.matches(value)) return { valid: true, family, event: value };
  }
  return { valid: false, problems: findProblems(value) };
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
