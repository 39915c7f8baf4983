import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { namespaceNotFound } from "../errors.ts";
import { describeNamespace, resourceName } from "../namespace.ts";

/** GetNamespace. */
export const getNamespace = defineOperation({
  shape: { namespaceName: resourceName },
  run(context: ServerlessContext, { namespaceName }) {
    const record = context.registry.findNamespace(namespaceName);
    if (!record) throw namespaceNotFound(namespaceName);
    return { namespace: describeNamespace(context, record) };
  },
});
