import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { snapshotNotFound } from "../errors.ts";
import { describeSnapshot, liveSnapshots, snapshotMembers } from "../snapshot.ts";

/** DeleteSnapshot. */
export const deleteSnapshot = defineOperation({
  shape: { snapshotName: snapshotMembers.snapshotName },
  run(context: ServerlessContext, { snapshotName }) {
    return context.registry.change((draft) => {
      const snapshots = liveSnapshots(context, draft);
      const record = snapshots.find((snapshot) => snapshot.snapshotName === snapshotName);
      if (!record) throw snapshotNotFound(snapshotName);
      draft.snapshots = snapshots.filter((snapshot) => snapshot !== record);
      return { snapshot: { ...describeSnapshot(context, record), status: "DELETED" } };
    });
  },
});
