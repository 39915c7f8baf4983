import { WireError } from "@millrace/local-wire";
import { invalidArgument } from "../errors.ts";
import type { Seal } from "./seal.ts";

/** How long a page token is good for. Source: Kinesis API reference, ListShards. */
const LIFETIME_MS = 300_000;

/** A token for the next page of one operation. */
export function formatPageToken(seal: Seal, operation: string, now: number, value: unknown): string {
  return seal.close(operation, [now, value]);
}

/** What the token says. Throws `ExpiredNextTokenException`, or `InvalidArgumentException` for what is none. */
export function parsePageToken<Value>(seal: Seal, operation: string, now: number, token: string): Value {
  const parts = seal.open(operation, token) as [number, Value] | undefined;
  // Texts not confirmed on AWS.
  if (!parts) throw invalidArgument("Invalid NextToken.");
  if (now - parts[0] > LIFETIME_MS) {
    throw new WireError("ExpiredNextTokenException", "The NextToken has expired.");
  }
  return parts[1];
}
