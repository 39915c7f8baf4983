import type { WireService } from "@millrace/local-wire";
import { createService, type Operation } from "../operations/operation.ts";
import { createNamespace } from "./operations/create-namespace.ts";
import { createSnapshot } from "./operations/create-snapshot.ts";
import { createUsageLimit } from "./operations/create-usage-limit.ts";
import { createWorkgroup } from "./operations/create-workgroup.ts";
import { deleteNamespace } from "./operations/delete-namespace.ts";
import { deleteSnapshot } from "./operations/delete-snapshot.ts";
import { deleteUsageLimit } from "./operations/delete-usage-limit.ts";
import { deleteWorkgroup } from "./operations/delete-workgroup.ts";
import { getCredentials } from "./operations/get-credentials.ts";
import { getNamespace } from "./operations/get-namespace.ts";
import { getRecoveryPoint } from "./operations/get-recovery-point.ts";
import { getSnapshot } from "./operations/get-snapshot.ts";
import { getUsageLimit } from "./operations/get-usage-limit.ts";
import { getWorkgroup } from "./operations/get-workgroup.ts";
import { listNamespaces } from "./operations/list-namespaces.ts";
import { listRecoveryPoints } from "./operations/list-recovery-points.ts";
import { listSnapshots } from "./operations/list-snapshots.ts";
import { listTagsForResource } from "./operations/list-tags-for-resource.ts";
import { listUsageLimits } from "./operations/list-usage-limits.ts";
import { listWorkgroups } from "./operations/list-workgroups.ts";
import { restoreFromSnapshot } from "./operations/restore-from-snapshot.ts";
import { tagResource } from "./operations/tag-resource.ts";
import { untagResource } from "./operations/untag-resource.ts";
import { updateNamespace } from "./operations/update-namespace.ts";
import { updateSnapshot } from "./operations/update-snapshot.ts";
import { updateUsageLimit } from "./operations/update-usage-limit.ts";
import { updateWorkgroup } from "./operations/update-workgroup.ts";
import type { ServerlessContext } from "./context.ts";
import { notBuilt } from "./errors.ts";

/** The operations of Redshift Serverless that are built, by name. */
export const serverlessOperations: Readonly<Record<string, Operation<ServerlessContext>>> = {
  CreateNamespace: createNamespace,
  CreateSnapshot: createSnapshot,
  CreateUsageLimit: createUsageLimit,
  CreateWorkgroup: createWorkgroup,
  DeleteNamespace: deleteNamespace,
  DeleteSnapshot: deleteSnapshot,
  DeleteUsageLimit: deleteUsageLimit,
  DeleteWorkgroup: deleteWorkgroup,
  GetCredentials: getCredentials,
  GetNamespace: getNamespace,
  GetRecoveryPoint: getRecoveryPoint,
  GetSnapshot: getSnapshot,
  GetUsageLimit: getUsageLimit,
  GetWorkgroup: getWorkgroup,
  ListNamespaces: listNamespaces,
  ListRecoveryPoints: listRecoveryPoints,
  ListSnapshots: listSnapshots,
  ListTagsForResource: listTagsForResource,
  ListUsageLimits: listUsageLimits,
  ListWorkgroups: listWorkgroups,
  RestoreFromSnapshot: restoreFromSnapshot,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateNamespace: updateNamespace,
  UpdateSnapshot: updateSnapshot,
  UpdateUsageLimit: updateUsageLimit,
  UpdateWorkgroup: updateWorkgroup,
};

/** The control plane as a wire service. */
export function createServerlessService(context: ServerlessContext): WireService {
  return createService({
    targetPrefix: "RedshiftServerless",
    operations: serverlessOperations,
    context,
    errorMember: "message",
    refuse: (operation) => notBuilt(`The operation ${operation}`),
  });
}
