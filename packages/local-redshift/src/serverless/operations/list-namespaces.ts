import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import type { ServerlessContext } from "../context.ts";
import { describeNamespace } from "../namespace.ts";
import { invalidToken, listMembers, listSize } from "../listing.ts";

/** ListNamespaces. */
export const listNamespaces = defineOperation({
  shape: listMembers,
  run(context: ServerlessContext, { nextToken: token, maxResults }) {
    const page = takePage(context.registry.state.namespaces, {
      token,
      size: listSize(maxResults),
      refuse: invalidToken,
    });
    return {
      namespaces: page.items.map((record) => describeNamespace(context, record)),
      nextToken: page.nextToken,
    };
  },
});
