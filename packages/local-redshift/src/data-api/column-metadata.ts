import type { Column } from "../database/database.ts";

const signedTypes: ReadonlySet<string> = new Set(["int2", "int4", "int8", "float4", "float8", "numeric"]);
const caseSensitiveTypes: ReadonlySet<string> = new Set([
  "varchar",
  "bpchar",
  "char",
  "text",
  "name",
  "super",
  "varbyte",
]);

/** A column as results describe it. Source: Redshift management guide, data-api-calling-cli-get-statement-result. */
export function describeResultColumn(column: Column): Record<string, unknown> {
  // A result's columns have length 0; DescribeTable's have the declared one.
  return { ...describeTableColumn(column), length: 0, label: column.label };
}

/** A column as DescribeTable describes it. */
export function describeTableColumn(column: Column): Record<string, unknown> {
  return {
    isCaseSensitive: caseSensitiveTypes.has(column.typeName),
    isCurrency: false,
    isSigned: signedTypes.has(column.typeName),
    name: column.name,
    nullable: column.nullable ? 1 : 0,
    precision: column.precision,
    scale: column.scale,
    schemaName: column.schemaName,
    tableName: column.tableName,
    typeName: column.typeName,
    length: column.length,
  };
}
