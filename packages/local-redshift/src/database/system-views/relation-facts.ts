import type { CatalogueColumn, KeptAttributes, RelationObject } from "../catalogue-object.ts";
import { isKnown } from "./owners.ts";
import type { SystemWorld } from "./system-view.ts";
import { viewDefinition } from "./view-definition.ts";

/** Tables and views that the asking user may know of. */
export const knownRelations = (world: SystemWorld): readonly RelationObject[] =>
  world.catalogue.relations.filter((relation) => isKnown(relation, world));

/** A column of a relation. */
export interface KnownColumn {
  readonly relation: RelationObject;
  readonly column: CatalogueColumn;
  /** From 1. */
  readonly position: number;
}

/** The columns of a relation with where they stand in it. */
export const columnsOf = (relation: RelationObject): readonly KnownColumn[] =>
  relation.columns.map((column, index) => ({ relation, column, position: index + 1 }));

/** Columns of the tables and views that the asking user may know of. */
export const knownColumns = (world: SystemWorld): readonly KnownColumn[] => knownRelations(world).flatMap(columnsOf);

/** The views of some relations, with the definition of each. */
export const withDefinitions = (relations: readonly RelationObject[], world: SystemWorld) =>
  relations.flatMap((relation) => {
    const { catalogue, searchPath, settings } = world;
    const definition = viewDefinition(relation, { catalogue, searchPath, databaseName: settings.databaseName });
    return definition === undefined ? [] : [{ relation, definition }];
  });

/** What is kept of how a relation is laid out; a view has nothing of it. */
export const attributesOf = (relation: RelationObject): KeptAttributes =>
  relation.kind === "view" ? { sortKeys: [] } : relation.attributes;

/** `EVEN`, `ALL`, `KEY(column)`, or `AUTO(ALL)` where nothing was said. Source of the words: r_SVV_TABLE_INFO. */
export function distributionStyle(relation: RelationObject): string {
  const { distKey, distStyle } = attributesOf(relation);
  if (distKey !== undefined) return `KEY(${distKey})`;
  const style = distStyle?.toUpperCase();
  if (style === "EVEN" || style === "ALL") return style;
  return relation.kind === "materialized view" ? "EVEN" : "AUTO(ALL)";
}

/** Place of a column in the sort key from 1, alternately negative in an interleaved one; 0 outside. Source: r_PG_TABLE_DEF. */
export function sortKeyPlace(column: CatalogueColumn, relation: RelationObject): number {
  const { sortKeys, sortStyle } = attributesOf(relation);
  const place = sortKeys.indexOf(column.name) + 1;
  return sortStyle === "interleaved" && place % 2 === 1 ? -place : place;
}

export const isDistributionKey = (column: CatalogueColumn, relation: RelationObject) =>
  attributesOf(relation).distKey === column.name;

/** The encoding that was given; without one Redshift chooses, and here nothing is encoded. */
export const encodingOf = (column: CatalogueColumn) => column.encode ?? "none";

/** A column's default as text, that of an identity column too. */
export function defaultOf({ default: text, identity }: CatalogueColumn): string | null {
  if (identity === undefined) return text ?? null;
  const { byDefault, seed, step } = identity;
  return `${byDefault ? "default_identity" : "identity"}(${seed}, ${step})`;
}
