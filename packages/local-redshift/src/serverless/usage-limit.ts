import type { Shape } from "../operations/input-shape.ts";
import { arnOf } from "./arn.ts";
import type { ServerlessContext } from "./context.ts";
import type { UsageLimitRecord } from "./state.ts";

/** The members that usage limits share. Limits are kept and answered; no usage is counted against them. */
export const usageLimitMembers = {
  usageLimitId: { type: "string", required: true },
  amount: { type: "integer", min: 1 },
  breachAction: { type: "string", values: ["log", "emit-metric", "deactivate"] },
  usageType: { type: "string", values: ["serverless-compute", "cross-region-datasharing"] },
} as const satisfies Shape;

/** A usage limit as the API answers it. */
export function describeUsageLimit(context: ServerlessContext, record: UsageLimitRecord): Record<string, unknown> {
  return { ...record, usageLimitArn: arnOf(context, "usagelimit", record.usageLimitId) };
}
