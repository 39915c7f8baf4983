import type { DatabaseObject } from "../../catalogue-object.ts";
import { databaseName, listing, type ListedColumn } from "../listing.ts";
import { ownerId } from "../owners.ts";
import { bool, int4, name, oid, text, type SystemViews, type SystemWorld } from "../system-view.ts";

/** Schemas of the system, which the catalogue does not hold. They are the first user's. */
const systemSchemas = [
  { oid: 11, name: "pg_catalog" },
  { oid: 15, name: "pg_internal" },
  { oid: 99, name: "pg_toast" },
  { oid: 11_000, name: "information_schema" },
].map((schema) => ({ ...schema, ownerOid: 1 }));

/** The number of a schema; 0 for one that there is not. */
export const schemaOid = (schema: string, world: SystemWorld) => world.catalogue.schema(schema)?.oid ?? 0;

const namespace = listing({
  of: (world) => [
    ...systemSchemas,
    ...world.catalogue.schemas.map((schema) => ({ ...schema, ownerOid: ownerId(schema, world) })),
  ],
  columns: [
    ["oid", oid, (schema) => schema.oid],
    ["nspname", name, (schema) => schema.name],
    ["nspowner", int4, (schema) => schema.ownerOid],
    ["nspacl", text, null],
  ],
});

const databaseColumns: readonly ListedColumn<DatabaseObject>[] = [
  ["oid", oid, (one) => one.oid],
  ["datname", name, databaseName],
  ["datdba", int4, ownerId],
  ["encoding", int4, 6],
  ["datistemplate", bool, false],
  ["datallowconn", bool, true],
  ["datlastsysoid", oid, 100_000],
  ["datvacuumxid", int4, 0],
  ["datfrozenxid", int4, 0],
  ["dattablespace", oid, 1663],
  ["datconfig", text, null],
  ["datacl", text, null],
];

const database = listing({ of: (world) => [world.catalogue.database], columns: databaseColumns });

/** Source: Database Developer Guide, r_PG_DATABASE_INFO. */
const databaseInfo = listing({
  of: (world) => [world.catalogue.database],
  columns: [
    ...databaseColumns,
    ["datid", oid, (one) => one.oid],
    ["datconnlimit", text, (one) => String(one.connectionLimit ?? "UNLIMITED")],
  ],
});

/** Schemas and the database. */
export const namespaceViews: SystemViews = {
  pg_database: database,
  pg_database_info: databaseInfo,
  pg_namespace: namespace,
};
