import type { KinesisContext } from "../context.ts";
import { requestRateExceeded } from "../physics/rate-exceeded.ts";
import type { StreamState } from "./stream.ts";

const DAY_MS = 24 * 3_600_000;
/**
 * How often a stream may go through a change within 24 hours. Sources: Kinesis API reference, StartStreamEncryption,
 * StopStreamEncryption and UpdateShardCount; Kinesis developer guide, switching between capacity modes.
 */
const ALLOWANCES = { startEncryption: 25, stopEncryption: 25, updateShardCount: 10, updateMode: 2 } as const;

/** A change that a stream may go through only so often. */
export type DailyChange = keyof typeof ALLOWANCES;

/**
 * The state of a stream with one more change noted in it. Throws `LimitExceededException` if the last 24 hours have seen as
 * many as may be, unless limits are off. That AWS says it as of calls that come too fast is reported for a change of the
 * mode (aws/aws-cdk#18139), not confirmed for the others.
 */
export function countChange(context: KinesisContext, state: StreamState, change: DailyChange): StreamState {
  if (!context.enforcesLimits) return state;
  const now = context.now();
  const recent = (state.recentChanges?.[change] ?? []).filter((at) => now - at < DAY_MS);
  if (recent.length >= ALLOWANCES[change]) throw requestRateExceeded(state.name, context.accountId);
  return { ...state, recentChanges: { ...state.recentChanges, [change]: [...recent, now] } };
}
