import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { snapshotNotFound } from "../errors.ts";
import { checkRetention, describeSnapshot, liveSnapshots, snapshotMembers } from "../snapshot.ts";

/** UpdateSnapshot: how many days it is kept, counted from now. */
export const updateSnapshot = defineOperation({
  shape: snapshotMembers,
  run(context: ServerlessContext, { snapshotName, retentionPeriod }) {
    return context.registry.change((draft) => {
      const record = liveSnapshots(context.now(), draft).find((snapshot) => snapshot.snapshotName === snapshotName);
      if (!record) throw snapshotNotFound(snapshotName);
      if (retentionPeriod !== undefined) {
        checkRetention(retentionPeriod);
        record.retentionPeriod = retentionPeriod;
        record.retentionStartDate = new Date(context.now()).toISOString();
      }
      return { snapshot: describeSnapshot(context, record) };
    });
  },
});
