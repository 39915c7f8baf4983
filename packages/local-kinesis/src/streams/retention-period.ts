import { invalidArgument } from "../errors.ts";

/** Source: Kinesis API reference, IncreaseStreamRetentionPeriod. */
const MIN_HOURS = 24;
const MAX_HOURS = 8760;

/** Throws `InvalidArgumentException` for a retention period outside 24 to 8,760 hours. */
export function checkRetentionHours(hours: number): void {
  if (hours < MIN_HOURS) {
    throw invalidArgument(
      `Minimum allowed retention period is ${MIN_HOURS} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > MAX_HOURS) {
    throw invalidArgument(
      `Maximum allowed retention period is ${MAX_HOURS} hours. Requested retention period (${hours} hours) is too long.`,
    );
  }
}
