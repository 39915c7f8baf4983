import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import { arnOf } from "../arn.ts";
import type { ServerlessContext } from "../context.ts";
import { invalidToken, isWithin, listMembers, listSize, periodMembers } from "../listing.ts";
import { describeSnapshot, liveSnapshots } from "../snapshot.ts";

/** ListSnapshots: newest first. */
export const listSnapshots = defineOperation({
  shape: {
    ...listMembers,
    ...periodMembers,
    namespaceName: { type: "string" },
    namespaceArn: { type: "string" },
    ownerAccount: { type: "string" },
  },
  run(
    context: ServerlessContext,
    { nextToken: token, maxResults, namespaceName, namespaceArn, ownerAccount, ...period },
  ) {
    const isOurs = ownerAccount === undefined || ownerAccount === context.accountId;
    const records = liveSnapshots(context.now(), context.registry.state).filter(
      (record) =>
        isOurs &&
        (namespaceName === undefined || record.namespaceName === namespaceName) &&
        (namespaceArn === undefined || arnOf(context, "namespace", record.namespaceId) === namespaceArn) &&
        isWithin(period, Date.parse(record.creationDate)),
    );
    const page = takePage(records.toReversed(), { token, size: listSize(maxResults), refuse: invalidToken });
    return {
      snapshots: page.items.map((record) => describeSnapshot(context, record)),
      nextToken: page.nextToken,
    };
  },
});
