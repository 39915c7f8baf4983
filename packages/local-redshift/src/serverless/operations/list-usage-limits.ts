import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import type { ServerlessContext } from "../context.ts";
import { invalidToken, listMembers, listSize } from "../listing.ts";
import { describeUsageLimit, usageLimitMembers } from "../usage-limit.ts";

/** ListUsageLimits. */
export const listUsageLimits = defineOperation({
  shape: { ...listMembers, resourceArn: { type: "string" }, usageType: usageLimitMembers.usageType },
  run(context: ServerlessContext, { nextToken: token, maxResults, resourceArn, usageType }) {
    const records = context.registry.state.usageLimits.filter(
      (limit) =>
        (resourceArn == null || limit.resourceArn === resourceArn) &&
        (usageType == null || limit.usageType === usageType),
    );
    const page = takePage(records, { token, size: listSize(maxResults), refuse: invalidToken });
    return {
      usageLimits: page.items.map((record) => describeUsageLimit(context, record)),
      nextToken: page.nextToken,
    };
  },
});
