import type { KinesisContext } from "../context.ts";
import { invalidArgument } from "../errors.ts";
import type { RecordDistribution, StreamState } from "./stream.ts";

/** Throws `InvalidArgumentException` for `AUTO` on a provisioned stream. The error is documented, its text not confirmed. */
export function checkDistribution(
  { accountId }: KinesisContext,
  { name, mode }: Pick<StreamState, "name" | "mode">,
  strategy: RecordDistribution,
): void {
  if (strategy !== "AUTO" || mode === "ON_DEMAND") return;
  throw invalidArgument(
    `RecordDistributionStrategy AUTO is only supported for on-demand streams. Stream ${name} under account ${accountId} ` +
      "is in Provisioned mode.",
  );
}
