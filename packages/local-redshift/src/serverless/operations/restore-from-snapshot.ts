import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { conflict, namespaceNotFound, notBuilt, validation, workgroupNotFound } from "../errors.ts";
import { createAdminSecret, describeNamespace, resourceName } from "../namespace.ts";
import { findSnapshot, snapshotChoice } from "../snapshot.ts";
import type { NamespaceRecord, ServerlessState, SnapshotRecord, WorkgroupRecord } from "../state.ts";

/**
 * RestoreFromSnapshot: the snapshot's database takes the place of the namespace's, and sessions end. Streaming views read on from where
 * they stood in the snapshot. Without data sharing and integrations `maintainIntegration` changes nothing. Source: API reference,
 * RestoreFromSnapshot; Redshift management guide, serverless-snapshot-restore.
 */
export const restoreFromSnapshot = defineOperation({
  shape: {
    ...snapshotChoice,
    namespaceName: resourceName,
    workgroupName: resourceName,
    manageAdminPassword: { type: "boolean" },
    adminPasswordSecretKmsKeyId: { type: "string" },
    maintainIntegration: { type: "boolean" },
  },
  async run(context: ServerlessContext, input) {
    const { databases, registry } = context;
    const { namespaceName, snapshotName, snapshotArn } = input;
    if (snapshotName !== undefined && snapshotArn !== undefined)
      throw validation("Only one of snapshotName and snapshotArn can be given.");
    const { answer, namespace } = await registry.change(async (draft) => {
      const { namespace, workgroup } = findTarget(context, draft, namespaceName, input.workgroupName);
      const snapshot = findSnapshot(context, draft, input);
      if (snapshot.database === undefined) throw notBuilt("Restoring from a snapshot of what is kept in memory");
      await databases.restore(namespace.namespaceId, snapshot.snapshotId, snapshot.database.name);
      namespace.dbName = snapshot.database.name;
      await restoreCredentials(context, namespace, snapshot, input);
      const transition = registry.enter("MODIFYING");
      if (transition) namespace.transition = workgroup.transition = transition;
      const restored = { snapshotName: snapshot.snapshotName, ownerAccount: context.accountId };
      return { namespace, answer: { ...restored, namespace: describeNamespace(context, namespace) } };
    });
    await databases.open(namespace, namespace.dbName);
    return answer;
  },
});

function findTarget(
  { registry }: ServerlessContext,
  draft: ServerlessState,
  namespaceName: string,
  workgroupName: string,
): { readonly namespace: NamespaceRecord; readonly workgroup: WorkgroupRecord } {
  const namespace = draft.namespaces.find((record) => record.namespaceName === namespaceName);
  if (!namespace) throw namespaceNotFound(namespaceName);
  const workgroup = draft.workgroups.find((record) => record.workgroupName === workgroupName);
  if (!workgroup) throw workgroupNotFound(workgroupName);
  if (workgroup.namespaceName !== namespaceName)
    throw validation(`Serverless workgroup ${workgroupName} is not associated with namespace ${namespaceName}.`);
  if ([namespace, workgroup].some((record) => registry.statusOf(record) !== "AVAILABLE"))
    throw conflict("There is an operation running on the namespace. Try restoring the namespace again later.");
  return { namespace, workgroup };
}

/**
 * The admin is the snapshot's, with the password of that time, unless it is to be managed. A managed password of that time is not kept:
 * the namespace's own password stays then (UNCONFIRMED), or a new one is made for an admin of another name.
 */
async function restoreCredentials(
  context: ServerlessContext,
  namespace: NamespaceRecord,
  { adminUsername, adminPasswordHash }: SnapshotRecord,
  input: { readonly manageAdminPassword?: boolean; readonly adminPasswordSecretKmsKeyId?: string },
): Promise<void> {
  const before = namespace.adminPasswordSecretArn;
  const hash = input.manageAdminPassword === true ? undefined : adminPasswordHash;
  const staysManaged = before !== undefined && namespace.adminUsername === adminUsername;
  const staysUnmanaged = before === undefined && input.manageAdminPassword !== true;
  namespace.adminUsername = adminUsername;
  if (hash === undefined && (staysManaged || staysUnmanaged)) return;
  delete namespace.adminPasswordHash;
  delete namespace.adminPasswordSecretArn;
  delete namespace.adminPasswordSecretKmsKeyId;
  if (before !== undefined) await context.secrets.remove(before);
  if (hash === undefined) {
    namespace.adminPasswordSecretArn = await createAdminSecret(context, namespace.namespaceName, adminUsername);
    namespace.adminPasswordSecretKmsKeyId = input.adminPasswordSecretKmsKeyId ?? "AWS_OWNED_KMS_KEY";
  } else namespace.adminPasswordHash = hash;
}
