import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import { catalogMembers, openCatalog, pageOf } from "../catalog.ts";
import type { DataApiContext } from "../context.ts";
import { targetMembers } from "../submit.ts";

/** ListDatabases. */
export const listDatabases = defineOperation({
  shape: { ...targetMembers, NextToken: catalogMembers.NextToken, MaxResults: catalogMembers.MaxResults },
  async run(context: DataApiContext, input) {
    const { login } = await openCatalog(context, input);
    const page = takePage([...login.warehouse.databaseNames].sort(), pageOf(input));
    return { Databases: page.items, NextToken: page.nextToken };
  },
});
