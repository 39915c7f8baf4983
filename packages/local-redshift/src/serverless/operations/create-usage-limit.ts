import { randomUUID } from "node:crypto";
import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { conflict, notFound } from "../errors.ts";
import { findResource } from "../resource.ts";
import type { UsageLimitRecord } from "../state.ts";
import { describeUsageLimit, usageLimitMembers } from "../usage-limit.ts";

/** CreateUsageLimit. */
export const createUsageLimit = defineOperation({
  shape: {
    resourceArn: { type: "string", required: true },
    usageType: { ...usageLimitMembers.usageType, required: true },
    amount: { ...usageLimitMembers.amount, required: true },
    period: { type: "string", values: ["daily", "weekly", "monthly"] },
    breachAction: usageLimitMembers.breachAction,
  },
  run(context: ServerlessContext, input) {
    const { resourceArn, usageType, amount, period = "monthly", breachAction = "log" } = input;
    return context.registry.change((draft) => {
      if (!findResource(context, draft, resourceArn)) {
        throw notFound(`The resource ${resourceArn} does not exist.`, resourceArn);
      }
      const isSame = (limit: UsageLimitRecord) =>
        limit.resourceArn === resourceArn && limit.usageType === usageType && limit.period === period;
      if (draft.usageLimits.some(isSame)) {
        throw conflict(`A ${period} usage limit of type ${usageType} already exists for ${resourceArn}.`);
      }
      const record = { usageLimitId: randomUUID(), resourceArn, usageType, amount, period, breachAction };
      draft.usageLimits.push(record);
      return { usageLimit: describeUsageLimit(context, record) };
    });
  },
});
