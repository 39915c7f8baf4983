import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { snapshotNotFound } from "../errors.ts";
import { describeSnapshot, liveSnapshots, snapshotMembers } from "../snapshot.ts";

/** DeleteSnapshot: its data goes with it. */
export const deleteSnapshot = defineOperation({
  shape: { snapshotName: snapshotMembers.snapshotName },
  async run(context: ServerlessContext, { snapshotName }) {
    const record = await context.registry.change((draft) => {
      const snapshots = liveSnapshots(context.now(), draft);
      const record = snapshots.find((snapshot) => snapshot.snapshotName === snapshotName);
      if (!record) throw snapshotNotFound(snapshotName);
      draft.snapshots = snapshots.filter((snapshot) => snapshot !== record);
      return record;
    });
    await context.databases.removeCopy(record.snapshotId);
    return { snapshot: { ...describeSnapshot(context, record), status: "DELETED" } };
  },
});
