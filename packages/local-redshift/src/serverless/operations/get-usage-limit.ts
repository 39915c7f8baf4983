import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { notFound } from "../errors.ts";
import { describeUsageLimit, usageLimitMembers } from "../usage-limit.ts";

/** GetUsageLimit. */
export const getUsageLimit = defineOperation({
  shape: { usageLimitId: usageLimitMembers.usageLimitId },
  run(context: ServerlessContext, { usageLimitId }) {
    const record = context.registry.state.usageLimits.find((limit) => limit.usageLimitId === usageLimitId);
    if (!record) throw notFound(`Usage limit ${usageLimitId} not found.`, usageLimitId);
    return { usageLimit: describeUsageLimit(context, record) };
  },
});
