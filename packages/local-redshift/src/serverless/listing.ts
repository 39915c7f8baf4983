import type { WireError } from "@millrace/local-wire";
import type { Shape } from "../operations/input-shape.ts";
import { validation } from "./errors.ts";

const greatestPage = 100;

/** The members that page a list. */
export const listMembers = {
  nextToken: { type: "string", minLength: 8, maxLength: 1024 },
  maxResults: { type: "integer", min: 1, max: greatestPage },
} as const satisfies Shape;

/** The members that bound a list in time. */
export const periodMembers = {
  startTime: { type: "timestamp" },
  endTime: { type: "timestamp" },
} as const satisfies Shape;

/** Whether a moment, in epoch milliseconds, lies in the period; bounds that were not given bound nothing. */
export function isWithin(
  { startTime = -Infinity, endTime = Infinity }: { readonly startTime?: number; readonly endTime?: number },
  at: number,
): boolean {
  return at >= startTime * 1000 && at <= endTime * 1000;
}

/** Records a page: 1 to 100, default 100. */
export function listSize(maxResults: number | undefined): number {
  return maxResults ?? greatestPage;
}

/** The token was not one that a list gave. */
export function invalidToken(): WireError {
  return validation("The nextToken is not valid.");
}
