import { varchar } from "../../sql/sql-type.ts";
import { int8, name as text, type SystemView, type SystemViews } from "./system-view.ts";

const pgTables: SystemView = {
  columns: [
    ["schemaname", text],
    ["tablename", text],
    ["tableowner", text],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      relation.kind === "view" ? [] : [[relation.schema, relation.name, relation.owner]],
    ),
};

const pgViews: SystemView = {
  columns: [
    ["schemaname", text],
    ["viewname", text],
    ["viewowner", text],
    ["definition", varchar(65_535)],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      relation.kind === "view" ? [[relation.schema, relation.name, relation.owner, relation.sql]] : [],
    ),
};

const pgNamespace: SystemView = {
  columns: [
    ["oid", int8],
    ["nspname", text],
  ],
  rows: (world) => world.catalogue.schemas.map((schema) => [schema.oid, schema.name]),
};

/** Catalogue tables of PostgreSQL. */
export const pgCatalogViews: SystemViews = { pg_namespace: pgNamespace, pg_tables: pgTables, pg_views: pgViews };
