import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { notFound } from "../errors.ts";
import { describeUsageLimit, usageLimitMembers } from "../usage-limit.ts";

/** DeleteUsageLimit. */
export const deleteUsageLimit = defineOperation({
  shape: { usageLimitId: usageLimitMembers.usageLimitId },
  run(context: ServerlessContext, { usageLimitId }) {
    return context.registry.change((draft) => {
      const index = draft.usageLimits.findIndex((limit) => limit.usageLimitId === usageLimitId);
      const [record] = index < 0 ? [] : draft.usageLimits.splice(index, 1);
      if (!record) throw notFound(`Usage limit ${usageLimitId} not found.`, usageLimitId);
      return { usageLimit: describeUsageLimit(context, record) };
    });
  },
});
