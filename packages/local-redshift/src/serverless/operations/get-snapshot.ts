import { defineOperation } from "../../operations/operation.ts";
import { arnOf } from "../arn.ts";
import type { ServerlessContext } from "../context.ts";
import { snapshotNotFound, validation } from "../errors.ts";
import { describeSnapshot, liveSnapshots } from "../snapshot.ts";

/** GetSnapshot: by name or by ARN. */
export const getSnapshot = defineOperation({
  shape: {
    snapshotName: { type: "string" },
    snapshotArn: { type: "string" },
    ownerAccount: { type: "string" },
  },
  run(context: ServerlessContext, { snapshotName, snapshotArn, ownerAccount }) {
    const asked = snapshotName ?? snapshotArn;
    if (asked === undefined) throw validation("Either snapshotName or snapshotArn must be given.");
    const isOurs = ownerAccount === undefined || ownerAccount === context.accountId;
    const record = liveSnapshots(context, context.registry.state).find(
      (snapshot) =>
        (snapshotName === undefined || snapshot.snapshotName === snapshotName) &&
        (snapshotArn === undefined || arnOf(context, "snapshot", snapshot.snapshotId) === snapshotArn),
    );
    if (!record || !isOurs) throw snapshotNotFound(asked);
    return { snapshot: describeSnapshot(context, record) };
  },
});
