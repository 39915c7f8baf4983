import type { RelationObject } from "../catalogue-object.ts";
import { databaseName, type ListedColumn } from "./listing.ts";
import type { KnownColumn } from "./relation-facts.ts";
import { int4, name } from "./system-view.ts";

/** Where a relation is and what it is, as Redshift's own views begin. */
export const relationPlace: readonly ListedColumn<RelationObject>[] = [
  ["database_name", name, databaseName],
  ["schema_name", name, (relation) => relation.schema],
  ["table_name", name, (relation) => relation.name],
  ["table_type", name, (relation) => (relation.kind === "table" ? "TABLE" : "VIEW")],
  ["table_acl", name, null],
];

/** Where a column is, as those views begin. */
export const columnPlace: readonly ListedColumn<KnownColumn>[] = [
  ["database_name", name, databaseName],
  ["schema_name", name, ({ relation }) => relation.schema],
  ["table_name", name, ({ relation }) => relation.name],
  ["column_name", name, ({ column }) => column.name],
  ["ordinal_position", int4, ({ position }) => position],
];
