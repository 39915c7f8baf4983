import type { Catalogue } from "./catalogue.ts";
import type { Column, TableEntry } from "./database.ts";
import { resultColumn } from "./query-result.ts";

/** Names of all schemas, the system's too. */
export function listSchemas(catalogue: Catalogue): string[] {
  return [...catalogue.schemas.map((schema) => schema.name), "information_schema", "pg_catalog"].sort();
}

/** Tables and views of every schema. */
export function listTables(catalogue: Catalogue): TableEntry[] {
  const words = { table: "TABLE", view: "VIEW", "materialized view": "MATERIALIZED VIEW" } as const;
  return catalogue.relations.map((relation) => ({
    schema: relation.schema,
    name: relation.name,
    type: words[relation.kind],
  }));
}

/** Columns of a table or view; empty when there is none of that name. */
export function describeTable(catalogue: Catalogue, schema: string, table: string): Column[] {
  const relation = catalogue.relation(schema, table);
  return (relation?.columns ?? []).map((column) => ({
    ...resultColumn({ name: column.name, type: column.type, origin: { schema, table, nullable: column.nullable } }),
    length: column.type.length ?? 0,
  }));
}
