import { plainTypeText, varchar } from "../../sql/sql-type.ts";
import type { RelationObject } from "../catalogue-object.ts";
import {
  attributesOf,
  defaultOf,
  distributionStyle,
  encodingOf,
  isDistributionKey,
  knownRelations,
  sortKeyPlace,
} from "./relation-facts.ts";
import { int4, name, timestamp, type SystemView, type SystemViews } from "./system-view.ts";
import { numericPrecision, textLength } from "./type-catalog.ts";

const remarks = varchar(256);

function subtype(relation: RelationObject): string {
  if (relation.kind === "table") return "REGULAR TABLE";
  if (relation.kind === "materialized view") return "MATERIALIZED VIEW";
  return relation.lateBinding ? "LATE BINDING VIEW" : "REGULAR VIEW";
}

/** The words of `table_subtype`, and what is in the columns of views, are UNCONFIRMED. Times are not kept. */
const tables: SystemView = {
  columns: [
    ["database_name", name],
    ["schema_name", name],
    ["table_name", name],
    ["table_type", name],
    ["table_acl", name],
    ["remarks", remarks],
    ["owner", name],
    ["last_altered_time", timestamp],
    ["last_modified_time", timestamp],
    ["dist_style", name],
    ["table_subtype", name],
  ],
  rows: (world) =>
    knownRelations(world).map((relation) => [
      world.settings.databaseName,
      relation.schema,
      relation.name,
      relation.kind === "table" ? "TABLE" : "VIEW",
      null,
      relation.comment ?? null,
      relation.owner,
      null,
      null,
      relation.kind === "view" ? null : distributionStyle(relation),
      subtype(relation),
    ]),
};

/** The page lists the columns in words; that they are named so is UNCONFIRMED from `sort_key_type` on. */
const columns: SystemView = {
  columns: [
    ["database_name", name],
    ["schema_name", name],
    ["table_name", name],
    ["column_name", name],
    ["ordinal_position", int4],
    ["column_default", varchar(4_000)],
    ["is_nullable", varchar(3)],
    ["data_type", name],
    ["character_maximum_length", int4],
    ["numeric_precision", int4],
    ["remarks", remarks],
    ["sort_key_type", name],
    ["sort_key", int4],
    ["dist_key", int4],
    ["encoding", name],
    ["collation", name],
  ],
  rows: (world) =>
    knownRelations(world).flatMap((relation) =>
      relation.columns.map((column, index) => {
        const place = Math.abs(sortKeyPlace(column, relation));
        const sortStyle = attributesOf(relation).sortStyle === "interleaved" ? "INTERLEAVED" : "COMPOUND";
        return [
          world.settings.databaseName,
          relation.schema,
          relation.name,
          column.name,
          index + 1,
          defaultOf(column),
          column.nullable ? "YES" : "NO",
          plainTypeText(column.type),
          textLength(column.type),
          numericPrecision(column.type),
          null,
          place === 0 ? null : sortStyle,
          place === 0 ? null : place,
          isDistributionKey(column, relation) ? 1 : null,
          encodingOf(column),
          null,
        ];
      }),
    ),
};

/** What SHOW TABLES and SHOW COLUMNS show; no views of Redshift. */
export const showViews: SystemViews = { "pg_internal.show_columns": columns, "pg_internal.show_tables": tables };
