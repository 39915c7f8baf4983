import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { notFound } from "../errors.ts";
import { describeUsageLimit, usageLimitMembers } from "../usage-limit.ts";

/** UpdateUsageLimit. */
export const updateUsageLimit = defineOperation({
  shape: {
    usageLimitId: usageLimitMembers.usageLimitId,
    amount: usageLimitMembers.amount,
    breachAction: usageLimitMembers.breachAction,
  },
  run(context: ServerlessContext, { usageLimitId, amount, breachAction }) {
    return context.registry.change((draft) => {
      const record = draft.usageLimits.find((limit) => limit.usageLimitId === usageLimitId);
      if (!record) throw notFound(`Usage limit ${usageLimitId} not found.`, usageLimitId);
      record.amount = amount ?? record.amount;
      record.breachAction = breachAction ?? record.breachAction;
      return { usageLimit: describeUsageLimit(context, record) };
    });
  },
});
