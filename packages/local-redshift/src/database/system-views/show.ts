import { plainTypeText, varchar } from "../../sql/sql-type.ts";
import type { RelationObject } from "../catalogue-object.ts";
import { listing } from "./listing.ts";
import { columnPlace, relationPlace } from "./place-columns.ts";
import {
  attributesOf,
  defaultOf,
  distributionStyle,
  encodingOf,
  isDistributionKey,
  knownColumns,
  knownRelations,
  sortKeyPlace,
  type KnownColumn,
} from "./relation-facts.ts";
import { int4, name, timestamp, type SystemViews } from "./system-view.ts";
import { numericPrecision, textLength } from "./type-catalog.ts";

const remarks = varchar(256);

function subtype(relation: RelationObject): string {
  if (relation.kind === "table") return "REGULAR TABLE";
  if (relation.kind === "materialized view") return "MATERIALIZED VIEW";
  return relation.lateBinding ? "LATE BINDING VIEW" : "REGULAR VIEW";
}

/** The words of `table_subtype`, and what is in the columns of views, are UNCONFIRMED. Times are not kept. */
const tables = listing({
  of: knownRelations,
  columns: [
    ...relationPlace,
    ["remarks", remarks, (relation) => relation.comment ?? null],
    ["owner", name, (relation) => relation.owner],
    ["last_altered_time", timestamp, null],
    ["last_modified_time", timestamp, null],
    ["dist_style", name, (relation) => (relation.kind === "view" ? null : distributionStyle(relation))],
    ["table_subtype", name, subtype],
  ],
});

/** The place of a column in the sort key from 1, however it is sorted; `null` outside. */
const sortKey = ({ column, relation }: KnownColumn) => Math.abs(sortKeyPlace(column, relation)) || null;

function sortKeyType(known: KnownColumn): string | null {
  if (sortKey(known) === null) return null;
  return attributesOf(known.relation).sortStyle === "interleaved" ? "INTERLEAVED" : "COMPOUND";
}

/** The page lists the columns in words; that they are named so is UNCONFIRMED from `sort_key_type` on. */
const columns = listing({
  of: knownColumns,
  columns: [
    ...columnPlace,
    ["column_default", varchar(4_000), ({ column }) => defaultOf(column)],
    ["is_nullable", varchar(3), ({ column }) => (column.nullable ? "YES" : "NO")],
    ["data_type", name, ({ column }) => plainTypeText(column.type)],
    ["character_maximum_length", int4, ({ column }) => textLength(column.type)],
    ["numeric_precision", int4, ({ column }) => numericPrecision(column.type)],
    ["remarks", remarks, null],
    ["sort_key_type", name, sortKeyType],
    ["sort_key", int4, sortKey],
    ["dist_key", int4, ({ column, relation }) => (isDistributionKey(column, relation) ? 1 : null)],
    ["encoding", name, ({ column }) => encodingOf(column)],
    ["collation", name, null],
  ],
});

/** What SHOW TABLES and SHOW COLUMNS show; no views of Redshift. */
export const showViews: SystemViews = { "pg_internal.show_columns": columns, "pg_internal.show_tables": tables };
