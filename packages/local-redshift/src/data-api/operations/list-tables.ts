import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import { catalogMembers, openCatalog, pageOf } from "../catalog.ts";
import type { DataApiContext } from "../context.ts";
import { matchesPattern } from "../like-pattern.ts";

/** ListTables. A materialized view is listed as VIEW: the API's types know no other word for it. */
export const listTables = defineOperation({
  shape: { ...catalogMembers, SchemaPattern: { type: "string" }, TablePattern: { type: "string" } },
  async run(context: DataApiContext, input) {
    const { database } = await openCatalog(context, input);
    const tables = (await database.listTables()).filter(
      ({ schema, name }) => matchesPattern(schema, input.SchemaPattern) && matchesPattern(name, input.TablePattern),
    );
    const page = takePage(tables, pageOf(input));
    return {
      Tables: page.items.map(({ schema, name, type }) => ({
        name,
        schema,
        type: type === "MATERIALIZED VIEW" ? "VIEW" : type,
      })),
      NextToken: page.nextToken,
    };
  },
});
