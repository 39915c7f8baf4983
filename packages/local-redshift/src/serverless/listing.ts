import type { WireError } from "@millrace/local-wire";
import type { Shape } from "../operations/input-shape.ts";
import { validation } from "./errors.ts";

const greatestPage = 100;

/** The members that page a list. */
export const listMembers = {
  nextToken: { type: "string", minLength: 8, maxLength: 1024 },
  maxResults: { type: "integer", min: 1, max: greatestPage },
} as const satisfies Shape;

/** Records a page: 1 to 100, default 100. */
export function listSize(maxResults: number | undefined): number {
  return maxResults ?? greatestPage;
}

/** The token was not one that a list gave. */
export function invalidToken(): WireError {
  return validation("The nextToken is not valid.");
}
