import { numeric, typeText } from "../../sql/sql-type.ts";
import type { RelationObject } from "../catalogue-object.ts";
import { widthOf } from "../explain/planner.ts";
import { databaseName, listing } from "./listing.ts";
import { onlySuperusers } from "./owners.ts";
import {
  attributesOf,
  distributionStyle,
  encodingOf,
  isDistributionKey,
  knownColumns,
  knownRelations,
  sortKeyPlace,
} from "./relation-facts.ts";
import {
  bool,
  char,
  int4,
  int8,
  moment,
  name,
  oid,
  seesAll,
  text,
  timestamp,
  type SystemView,
  type SystemViews,
} from "./system-view.ts";

/** The first column of the sort key. */
const firstSortColumn = (relation: RelationObject) =>
  relation.columns.find((column) => column.name === attributesOf(relation).sortKeys[0]);

function firstSortKey(relation: RelationObject): string | null {
  const { sortKeys, sortStyle } = attributesOf(relation);
  return sortStyle === "interleaved" ? "INTERLEAVED" : (sortKeys[0] ?? null);
}

function firstSortEncoding(relation: RelationObject): string | null {
  const column = firstSortColumn(relation);
  return column === undefined ? null : encodingOf(column);
}

/** Bytes of the longest VARCHAR. */
const longestText = (relation: RelationObject) =>
  Math.max(0, ...relation.columns.flatMap(({ type }) => (type.name === "varchar" ? [type.length ?? 0] : [])));

/** All slices have as many rows; NULL for DISTSTYLE ALL and EVEN in the page's sample. Source: Database Developer Guide, r_SVV_TABLE_INFO. */
const skewOfRows = (relation: RelationObject) => (distributionStyle(relation).includes("KEY(") ? 1 : null);

const rowBytes = ({ columns }: RelationObject) => columns.reduce((sum, { type }) => sum + widthOf(type), 0);

const isEncoded = (relation: RelationObject) => relation.columns.some((column) => encodingOf(column) !== "none");

/**
 * Tables that have rows, and materialized views by their own names. Rows are DuckDB's count, deleted ones that are not swept away yet
 * among them, as documented of `tbl_rows`; `size` is what they take uncompressed, by the widths that EXPLAIN takes for their columns. There is one
 * slice, and so no skew; shares of a disk and of unsorted rows, and what vacuum would do, have no like here and are NULL.
 */
const tableInfo: SystemView = {
  ...listing({
    of(world) {
      onlySuperusers("svv_table_info", world);
      return knownRelations(world).filter((relation) => relation.kind !== "view");
    },
    columns: [
      ["database", text, databaseName],
      ["schema", text, (relation) => relation.schema],
      ["table_id", oid, (relation) => relation.oid],
      ["table", text, (relation) => relation.name],
      ["encoded", text, (relation) => (isEncoded(relation) ? "Y" : "N")],
      ["diststyle", text, distributionStyle],
      ["sortkey1", text, firstSortKey],
      ["max_varchar", int4, longestText],
      ["sortkey1_enc", char(32), firstSortEncoding],
      ["sortkey_num", int4, (relation) => attributesOf(relation).sortKeys.length],
      ["size", int8, rowBytes],
      ["pct_used", numeric(10, 4), null],
      ["empty", int8, 0],
      ["unsorted", numeric(5, 2), null],
      ["stats_off", numeric(5, 2), 0],
      ["tbl_rows", numeric(38, 0), null],
      ["skew_sortkey1", numeric(19, 2), null],
      ["skew_rows", numeric(19, 2), skewOfRows],
      ["estimated_visible_rows", numeric(38, 0), null],
      ["risk_event", text, null],
      ["vacuum_sort_benefit", numeric(12, 2), null],
      ["create_time", timestamp, null],
    ],
  }),
  counted: { oid: "table_id", columns: ["tbl_rows", "estimated_visible_rows"], blocks: "size" },
};

/** Columns of the tables and materialized views in the schemas of the search path. */
const tableDefinition = listing({
  of: (world) =>
    knownColumns(world).filter(
      ({ relation }) => relation.kind !== "view" && world.searchPath.includes(relation.schema),
    ),
  columns: [
    ["schemaname", name, ({ relation }) => relation.schema],
    ["tablename", name, ({ relation }) => relation.name],
    ["column", name, ({ column }) => column.name],
    ["type", text, ({ column }) => typeText(column.type)],
    ["encoding", char(32), ({ column }) => encodingOf(column)],
    ["distkey", bool, ({ column, relation }) => isDistributionKey(column, relation)],
    ["sortkey", int4, ({ column, relation }) => sortKeyPlace(column, relation)],
    ["notnull", bool, ({ column }) => !column.nullable],
  ],
});

/** Source of columns and words: Database Developer Guide, SYS_ANALYZE_COMPRESSION_HISTORY. Nothing is encoded by COPY, which is not built. */
const compressionHistory = listing({
  of: (world) => world.activity.compressionAnalyses.filter(({ userId }) => seesAll(world) || userId === world.user.oid),
  columns: [
    ["user_id", int4, (analysis) => analysis.userId],
    ["start_time", timestamp, (analysis) => moment(analysis.startedAt)],
    ["transaction_id", int8, (analysis) => analysis.transactionId],
    ["table_id", int4, (analysis) => analysis.tableOid],
    ["table_name", char(128), (analysis) => analysis.tableName],
    ["column_position", int4, (analysis) => analysis.position],
    ["old_encoding", char(15), (analysis) => analysis.oldEncoding],
    ["new_encoding", char(15), (analysis) => analysis.newEncoding],
    ["mode", char(14), "ANALYZE ONLY"],
  ],
});

/** How tables are laid out. */
export const tableViews: SystemViews = {
  sys_analyze_compression_history: compressionHistory,
  pg_table_def: tableDefinition,
  svv_table_info: tableInfo,
};
