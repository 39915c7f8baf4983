import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { conflict, namespaceNotFound, notBuilt } from "../errors.ts";
import { resourceName, tagList } from "../namespace.ts";
import { describeSnapshot, snapshotMembers, takeSnapshot } from "../snapshot.ts";

/** CreateSnapshot: a copy of the namespace's database, while statements and refreshes go on. */
export const createSnapshot = defineOperation({
  shape: { ...snapshotMembers, namespaceName: resourceName, tags: tagList },
  run(context: ServerlessContext, { namespaceName, tags, ...input }) {
    if (tags !== undefined && tags.length > 0) throw notBuilt("A snapshot with tags");
    return context.registry.change(async (draft) => {
      const namespace = draft.namespaces.find((record) => record.namespaceName === namespaceName);
      if (!namespace) throw namespaceNotFound(namespaceName);
      if (context.registry.statusOf(namespace) !== "AVAILABLE") {
        throw conflict("There is an operation running on the namespace. Try creating the snapshot again later.");
      }
      return { snapshot: describeSnapshot(context, await takeSnapshot(context, draft, namespace, input)) };
    });
  },
});
