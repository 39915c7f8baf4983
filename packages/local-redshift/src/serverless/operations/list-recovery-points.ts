import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import { arnOf } from "../arn.ts";
import type { ServerlessContext } from "../context.ts";
import { invalidToken, isWithin, listMembers, listSize, periodMembers } from "../listing.ts";
import { describeRecoveryPoint, recoveryPoints } from "../recovery-point.ts";

/** ListRecoveryPoints: newest first. */
export const listRecoveryPoints = defineOperation({
  shape: {
    ...listMembers,
    ...periodMembers,
    namespaceName: { type: "string" },
    namespaceArn: { type: "string" },
  },
  run(context: ServerlessContext, { nextToken: token, maxResults, namespaceName, namespaceArn, ...period }) {
    const points = recoveryPoints(context).filter(
      ({ namespace, at }) =>
        (namespaceName === undefined || namespace.namespaceName === namespaceName) &&
        (namespaceArn === undefined || arnOf(context, "namespace", namespace.namespaceId) === namespaceArn) &&
        isWithin(period, at),
    );
    const page = takePage(points, { token, size: listSize(maxResults), refuse: invalidToken });
    return {
      recoveryPoints: page.items.map((point) => describeRecoveryPoint(context, point)),
      nextToken: page.nextToken,
    };
  },
});
