import { validationFailed } from "../errors.ts";
import type { KinesisContext } from "../context.ts";
import type { Stream, StreamMode } from "./stream.ts";

const WORDS: Readonly<Record<StreamMode, string>> = { ON_DEMAND: "On-Demand", PROVISIONED: "Provisioned" };

/**
 * Throws `ValidationException` unless a stream is in a mode. That it is this error is documented for operations that need
 * provisioned streams (Kinesis API reference, ValidationException); for the others and for the text it is not confirmed.
 */
export function requireMode({ accountId }: KinesisContext, { state }: Stream, mode: StreamMode): void {
  if (state.mode === mode) return;
  throw validationFailed(
    `Request is invalid. Stream ${state.name} under account ${accountId} is in ${WORDS[state.mode]} mode.`,
  );
}
