import { defineOperation } from "../../operations/operation.ts";
import { takePage } from "../../operations/pages.ts";
import { catalogMembers, openCatalog, pageOf } from "../catalog.ts";
import { describeTableColumn } from "../column-metadata.ts";
import type { DataApiContext } from "../context.ts";

/** DescribeTable: the columns of the tables with that schema and name; without one or the other, of all tables that match. */
export const describeTable = defineOperation({
  shape: { ...catalogMembers, Schema: { type: "string" }, Table: { type: "string" } },
  async run(context: DataApiContext, input) {
    const { database } = await openCatalog(context, input);
    const tables = (await database.listTables()).filter(
      ({ schema, name }) =>
        (input.Schema === undefined || schema === input.Schema) && (input.Table === undefined || name === input.Table),
    );
    const columns = await Promise.all(tables.map(({ schema, name }) => database.describeTable(schema, name)));
    const page = takePage(columns.flat(), pageOf(input));
    return {
      TableName: input.Table,
      ColumnList: page.items.map(describeTableColumn),
      NextToken: page.nextToken,
    };
  },
});
