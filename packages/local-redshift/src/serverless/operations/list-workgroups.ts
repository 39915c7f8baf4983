import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import type { ServerlessContext } from "../context.ts";
import { invalidToken, listMembers, listSize } from "../listing.ts";
import { describeWorkgroup } from "../workgroup.ts";

/** ListWorkgroups. */
export const listWorkgroups = defineOperation({
  shape: { ...listMembers, ownerAccount: { type: "string", minLength: 1, maxLength: 12 } },
  run(context: ServerlessContext, { nextToken: token, maxResults, ownerAccount }) {
    const isOurs = ownerAccount === undefined || ownerAccount === context.accountId;
    const records = isOurs ? context.registry.state.workgroups : [];
    const page = takePage(records, { token, size: listSize(maxResults), refuse: invalidToken });
    return {
      workgroups: page.items.map((record) => describeWorkgroup(context, record)),
      nextToken: page.nextToken,
    };
  },
});
