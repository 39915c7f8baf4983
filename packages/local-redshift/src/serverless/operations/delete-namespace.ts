import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { conflict, namespaceNotFound } from "../errors.ts";
import { describeNamespace, resourceName } from "../namespace.ts";
import { takeSnapshot } from "../snapshot.ts";

/** DeleteNamespace: its data and its managed secret go with it; a final snapshot stays. */
export const deleteNamespace = defineOperation({
  shape: {
    namespaceName: resourceName,
    finalSnapshotName: { type: "string", maxLength: 255, pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/ },
    finalSnapshotRetentionPeriod: { type: "integer" },
  },
  async run(context: ServerlessContext, { namespaceName, finalSnapshotName, finalSnapshotRetentionPeriod }) {
    const { registry } = context;
    const { record, answer } = await registry.change(async (draft) => {
      const record = draft.namespaces.find((candidate) => candidate.namespaceName === namespaceName);
      if (!record) throw namespaceNotFound(namespaceName);
      const workgroup = draft.workgroups.find((candidate) => candidate.namespaceName === namespaceName);
      if (workgroup) {
        throw conflict(
          `Serverless namespace ${namespaceName} can't be deleted while it has workgroup ${workgroup.workgroupName}.`,
        );
      }
      if (registry.statusOf(record) !== "AVAILABLE") {
        throw conflict("There is an operation running on the namespace. Try deleting the namespace again later.");
      }
      if (finalSnapshotName !== undefined) {
        const retentionPeriod = finalSnapshotRetentionPeriod;
        await takeSnapshot(context, draft, record, { snapshotName: finalSnapshotName, retentionPeriod });
      }
      const transition = registry.enter("DELETING");
      if (transition) record.transition = transition;
      else draft.namespaces.splice(draft.namespaces.indexOf(record), 1);
      return { record, answer: { namespace: { ...describeNamespace(context, record), status: "DELETING" } } };
    });
    await context.databases.remove(record.namespaceId);
    if (record.adminPasswordSecretArn) await context.secrets.remove(record.adminPasswordSecretArn);
    return answer;
  },
});
