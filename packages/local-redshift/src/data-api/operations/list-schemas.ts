import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import { catalogMembers, openCatalog, pageOf } from "../catalog.ts";
import type { DataApiContext } from "../context.ts";
import { matchesPattern } from "../like-pattern.ts";

/** ListSchemas. */
export const listSchemas = defineOperation({
  shape: { ...catalogMembers, SchemaPattern: { type: "string" } },
  async run(context: DataApiContext, input) {
    const { database } = await openCatalog(context, input);
    const schemas = (await database.listSchemas()).filter((name) => matchesPattern(name, input.SchemaPattern));
    const page = takePage(schemas, pageOf(input));
    return { Schemas: page.items, NextToken: page.nextToken };
  },
});
