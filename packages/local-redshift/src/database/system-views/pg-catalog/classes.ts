import type { RelationObject } from "../../catalogue-object.ts";
import { listing, type ListedColumn } from "../listing.ts";
import { ownerId } from "../owners.ts";
import { attributesOf } from "../relation-facts.ts";
import {
  bool,
  char,
  float4,
  int2,
  int4,
  materializedViews,
  name,
  oid,
  text,
  type SystemViews,
  type SystemWorld,
} from "../system-view.ts";
import { schemaOid } from "./namespaces.ts";

/** Numbers of PostgreSQL's own tables, by which `classid` columns tell what an object is. */
export const classes = { pg_class: 1259, pg_proc: 1255, pg_rewrite: 2618 } as const;

const distributionNumbers: Readonly<Record<string, number>> = { even: 0, key: 1, all: 8 };

/** `reldiststyle`: 0 EVEN, 1 KEY, 8 ALL, 9 AUTO. Source: r_PG_CLASS_INFO. */
function distributionNumber(relation: RelationObject): number {
  if (relation.kind === "view") return 0;
  const { distKey, distStyle } = attributesOf(relation);
  return distributionNumbers[distKey === undefined ? (distStyle?.toLowerCase() ?? "") : "key"] ?? 9;
}

/** A table that PostgreSQL's catalogue lists. */
export interface ListedClass {
  readonly oid: number;
  readonly name: string;
  readonly schemaOid: number;
  readonly kind: "r" | "v";
  readonly relation: RelationObject;
}

/** Far above the numbers of objects: the table that holds the rows of a materialized view. */
const backingOid = (view: RelationObject) => view.oid + 1_000_000_000;

/** A materialized view is a view, and a table `mv_tbl__name__0` that holds its rows, as tools look for. [GH dbt-labs/dbt-adapters] */
export function listedClasses(world: SystemWorld): ListedClass[] {
  const views = world.catalogue.relations.map((relation): ListedClass => ({
    oid: relation.oid,
    name: relation.name,
    schemaOid: schemaOid(relation.schema, world),
    kind: relation.kind === "table" ? "r" : "v",
    relation,
  }));
  const backing = materializedViews(world).map((view): ListedClass => ({
    oid: backingOid(view),
    name: `mv_tbl__${view.name}__0`,
    schemaOid: schemaOid(view.schema, world),
    kind: "r",
    relation: view,
  }));
  return [...views, ...backing];
}

const classColumns: readonly ListedColumn<ListedClass>[] = [
  ["relname", name, (listed) => listed.name],
  ["relnamespace", oid, (listed) => listed.schemaOid],
  ["reltype", oid, 0],
  ["relowner", int4, ({ relation }, world) => ownerId(relation, world)],
  ["relam", oid, 0],
  ["relfilenode", oid, (listed) => listed.oid],
  ["reltablespace", oid, 0],
  ["relpages", int4, 0],
  ["reltuples", float4, 0],
  ["reltoastrelid", oid, 0],
  ["reltoastidxid", oid, 0],
  ["relhasindex", bool, false],
  ["relisshared", bool, false],
  ["relkind", char(1), (listed) => listed.kind],
  ["relnatts", int2, (listed) => listed.relation.columns.length],
  ["relexternid", oid, 0],
  ["relisreplicated", bool, false],
  ["relispinned", bool, false],
  ["reldiststyle", int2, ({ relation }) => distributionNumber(relation)],
  ["relprojbaseid", oid, 0],
  ["relchecks", int2, 0],
  ["reltriggers", int2, 0],
  ["relukeys", int2, 0],
  ["relfkeys", int2, 0],
  ["relrefs", int2, 0],
  ["relhasoids", bool, false],
  ["relhaspkey", bool, false],
  ["relhasrules", bool, (listed) => listed.kind === "v"],
  ["relhassubclass", bool, false],
  ["relacl", text, null],
];

/** Tables of PostgreSQL's own are listed only as far as others name them. */
const pgClass = listing({ of: listedClasses, columns: [["oid", oid, (listed) => listed.oid], ...classColumns] });

/** `releffectivediststyle`: 10 where Redshift chooses. */
function effectiveDistribution({ relation }: ListedClass): number {
  const style = distributionNumber(relation);
  return style === 9 ? 10 : style;
}

const classInfo = listing({
  of: listedClasses,
  columns: [
    ["reloid", oid, (listed) => listed.oid],
    ...classColumns,
    ["releffectivediststyle", int2, effectiveDistribution],
  ],
});

const description = listing({
  of: (world) =>
    world.catalogue.relations.flatMap(({ oid: number, comment }) =>
      comment === undefined || comment === "" ? [] : [{ number, comment }],
    ),
  columns: [
    ["objoid", oid, ({ number }) => number],
    ["classoid", oid, classes.pg_class],
    ["objsubid", int4, 0],
    ["description", text, ({ comment }) => comment],
  ],
});

const tables = listing({
  of: (world) => world.catalogue.relations.filter((relation) => relation.kind === "table"),
  columns: [
    ["schemaname", name, (table) => table.schema],
    ["tablename", name, (table) => table.name],
    ["tableowner", name, (table) => table.owner],
    ["tablespace", name, null],
    ["hasindexes", bool, false],
    ["hasrules", bool, false],
    ["hastriggers", bool, false],
  ],
});

/** Tables and views, as tables. */
export const classViews: SystemViews = {
  pg_class: pgClass,
  pg_class_info: classInfo,
  pg_description: description,
  pg_tables: tables,
};
