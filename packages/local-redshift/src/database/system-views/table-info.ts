import { numeric, typeText } from "../../sql/sql-type.ts";
import {
  attributesOf,
  distributionStyle,
  encodingOf,
  isDistributionKey,
  knownRelations,
  sortKeyPlace,
} from "./relation-facts.ts";
import { onlySuperusers } from "./owners.ts";
import {
  bool,
  char,
  int4,
  int8,
  name,
  oid,
  text,
  timestamp,
  type SystemView,
  type SystemViews,
} from "./system-view.ts";

/**
 * Tables that have rows, and materialized views by their own names. Rows are DuckDB's count, deleted ones that are not swept away yet
 * among them, as documented of `tbl_rows`; blocks, skew and what vacuum would do have no like here and are NULL.
 */
const tableInfo: SystemView = {
  columns: [
    ["database", text],
    ["schema", text],
    ["table_id", oid],
    ["table", text],
    ["encoded", text],
    ["diststyle", text],
    ["sortkey1", text],
    ["max_varchar", int4],
    ["sortkey1_enc", char(32)],
    ["sortkey_num", int4],
    ["size", int8],
    ["pct_used", numeric(10, 4)],
    ["empty", int8],
    ["unsorted", numeric(5, 2)],
    ["stats_off", numeric(5, 2)],
    ["tbl_rows", numeric(38, 0)],
    ["skew_sortkey1", numeric(19, 2)],
    ["skew_rows", numeric(19, 2)],
    ["estimated_visible_rows", numeric(38, 0)],
    ["risk_event", text],
    ["vacuum_sort_benefit", numeric(12, 2)],
    ["create_time", timestamp],
  ],
  counted: { oid: "table_id", columns: ["tbl_rows", "estimated_visible_rows"] },
  rows(world) {
    onlySuperusers("svv_table_info", world);
    return knownRelations(world)
      .filter((relation) => relation.kind !== "view")
      .map((relation) => {
        const { sortKeys, sortStyle } = attributesOf(relation);
        const first = relation.columns.find((column) => column.name === sortKeys[0]);
        const widths = relation.columns.flatMap(({ type }) => (type.name === "varchar" ? [type.length ?? 0] : []));
        const isEncoded = relation.columns.some((column) => encodingOf(column) !== "none");
        return [
          world.settings.databaseName,
          relation.schema,
          relation.oid,
          relation.name,
          isEncoded ? "Y" : "N",
          distributionStyle(relation),
          sortStyle === "interleaved" ? "INTERLEAVED" : (sortKeys[0] ?? null),
          Math.max(0, ...widths),
          first === undefined ? null : encodingOf(first),
          sortKeys.length,
          null,
          null,
          0,
          null,
          0,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
        ];
      });
  },
};

/** Columns of the tables and views in the schemas of the search path. */
const tableDefinition: SystemView = {
  columns: [
    ["schemaname", name],
    ["tablename", name],
    ["column", name],
    ["type", text],
    ["encoding", char(32)],
    ["distkey", bool],
    ["sortkey", int4],
    ["notnull", bool],
  ],
  rows: (world) =>
    knownRelations(world)
      .filter((relation) => relation.kind !== "view" && world.searchPath.includes(relation.schema))
      .flatMap((relation) =>
        relation.columns.map((column) => [
          relation.schema,
          relation.name,
          column.name,
          typeText(column.type),
          encodingOf(column),
          isDistributionKey(column, relation),
          sortKeyPlace(column, relation),
          !column.nullable,
        ]),
      ),
};

/** How tables are laid out. */
export const tableViews: SystemViews = { pg_table_def: tableDefinition, svv_table_info: tableInfo };
