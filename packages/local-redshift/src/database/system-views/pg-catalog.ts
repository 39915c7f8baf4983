import { encodingNumbers } from "../../sql/functions/catalog.ts";
import { typeText } from "../../sql/sql-type.ts";
import type { CatalogueColumn, RelationObject } from "../catalogue-object.ts";
import { userId } from "./owners.ts";
import {
  attributesOf,
  defaultOf,
  encodingOf,
  isDistributionKey,
  sortKeyPlace,
  viewDefinition,
} from "./relation-facts.ts";
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
  type Cell,
  type SystemView,
  type SystemViews,
  type SystemWorld,
} from "./system-view.ts";
import { listedTypes, typeModifier, typeOid } from "./type-catalog.ts";

/** Schemas of the system, which the catalogue does not hold. */
const systemSchemas: readonly (readonly [oid: number, name: string])[] = [
  [11, "pg_catalog"],
  [15, "pg_internal"],
  [99, "pg_toast"],
  [11_000, "information_schema"],
];

const namespace: SystemView = {
  columns: [
    ["oid", oid],
    ["nspname", name],
    ["nspowner", int4],
    ["nspacl", text],
  ],
  rows: (world) => [
    ...systemSchemas.map(([schemaOid, schema]) => [schemaOid, schema, 1, null]),
    ...world.catalogue.schemas.map((schema) => [schema.oid, schema.name, userId(schema.owner, world), null]),
  ],
};

/** Numbers of PostgreSQL's own tables, by which `classid` columns tell what an object is. */
const classes = { pg_type: 1247, pg_attribute: 1249, pg_proc: 1255, pg_class: 1259, pg_rewrite: 2618 } as const;

const schemaOid = (schema: string, world: SystemWorld) => world.catalogue.schema(schema)?.oid ?? 0;

const distributionNumbers: Readonly<Record<string, number>> = { even: 0, key: 1, all: 8 };

/** `reldiststyle`: 0 EVEN, 1 KEY, 8 ALL, 9 AUTO. Source: r_PG_CLASS_INFO. */
function distributionNumber(relation: RelationObject): number {
  if (relation.kind === "view") return 0;
  const { distKey, distStyle } = attributesOf(relation);
  return distributionNumbers[distKey === undefined ? (distStyle?.toLowerCase() ?? "") : "key"] ?? 9;
}

/** A table that PostgreSQL's catalogue lists. */
interface ListedClass {
  readonly oid: number;
  readonly name: string;
  readonly schemaOid: number;
  readonly kind: "r" | "v";
  readonly relation: RelationObject;
}

/** Far above the numbers of objects: the table that holds the rows of a materialized view. */
const backingOid = (view: RelationObject) => view.oid + 1_000_000_000;

/** A materialized view is a view, and a table `mv_tbl__name__0` that holds its rows, as tools look for. [GH dbt-labs/dbt-adapters] */
function listedClasses(world: SystemWorld): ListedClass[] {
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

const classColumns = [
  ["relname", name],
  ["relnamespace", oid],
  ["reltype", oid],
  ["relowner", int4],
  ["relam", oid],
  ["relfilenode", oid],
  ["reltablespace", oid],
  ["relpages", int4],
  ["reltuples", float4],
  ["reltoastrelid", oid],
  ["reltoastidxid", oid],
  ["relhasindex", bool],
  ["relisshared", bool],
  ["relkind", char(1)],
  ["relnatts", int2],
  ["relexternid", oid],
  ["relisreplicated", bool],
  ["relispinned", bool],
  ["reldiststyle", int2],
  ["relprojbaseid", oid],
  ["relchecks", int2],
  ["reltriggers", int2],
  ["relukeys", int2],
  ["relfkeys", int2],
  ["relrefs", int2],
  ["relhasoids", bool],
  ["relhaspkey", bool],
  ["relhasrules", bool],
  ["relhassubclass", bool],
  ["relacl", text],
] as const;

function classCells(
  { name: relationName, schemaOid: inSchema, kind, oid: number, relation }: ListedClass,
  world: SystemWorld,
): Cell[] {
  return [
    relationName,
    inSchema,
    0,
    userId(relation.owner, world),
    0,
    number,
    0,
    0,
    0,
    0,
    0,
    false,
    false,
    kind,
    relation.columns.length,
    0,
    false,
    false,
    distributionNumber(relation),
    0,
    0,
    0,
    0,
    0,
    0,
    false,
    false,
    kind === "v",
    false,
    null,
  ];
}

/** Tables of PostgreSQL's own are listed only as far as others name them. */
const pgClass: SystemView = {
  columns: [["oid", oid], ...classColumns],
  rows: (world) => listedClasses(world).map((listed) => [listed.oid, ...classCells(listed, world)]),
};

const classInfo: SystemView = {
  columns: [["reloid", oid], ...classColumns, ["releffectivediststyle", int2]],
  rows: (world) =>
    listedClasses(world).map((listed) => {
      const style = distributionNumber(listed.relation);
      return [listed.oid, ...classCells(listed, world), style === 9 ? 10 : style];
    }),
};

const attribute: SystemView = {
  columns: [
    ["attrelid", oid],
    ["attname", name],
    ["atttypid", oid],
    ["attstattarget", int4],
    ["attlen", int2],
    ["attnum", int2],
    ["attndims", int4],
    ["attcacheoff", int4],
    ["atttypmod", int4],
    ["attbyval", bool],
    ["attstorage", char(1)],
    ["attalign", char(1)],
    ["attnotnull", bool],
    ["atthasdef", bool],
    ["attisdropped", bool],
    ["attislocal", bool],
    ["attinhcount", int4],
    ["attencodingtype", int2],
    ["attisdistkey", bool],
    ["attispreloaded", bool],
    ["attsortkeyord", int4],
  ],
  rows: (world) =>
    listedClasses(world).flatMap((listed) =>
      listed.relation.columns.map((column, index) => attributeCells(listed, column, index)),
    ),
};

function attributeCells({ oid: number, relation }: ListedClass, column: CatalogueColumn, index: number): Cell[] {
  return [
    number,
    column.name,
    typeOid(column.type),
    -1,
    listedTypes.find(([typeName]) => typeName === column.type.name)?.[2] ?? -1,
    index + 1,
    0,
    -1,
    typeModifier(column.type),
    false,
    "p",
    "i",
    !column.nullable,
    defaultOf(column) !== null,
    false,
    true,
    0,
    encodingNumbers.get(encodingOf(column)) ?? 0,
    isDistributionKey(column, relation),
    false,
    sortKeyPlace(column, relation),
  ];
}

const attributeDefault: SystemView = {
  columns: [
    ["oid", oid],
    ["adrelid", oid],
    ["adnum", int2],
    ["adbin", text],
    ["adsrc", text],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      relation.columns.flatMap((column, index) => {
        const expression = defaultOf(column);
        return expression === null ? [] : [[0, relation.oid, index + 1, expression, expression]];
      }),
    ),
};

const description: SystemView = {
  columns: [
    ["objoid", oid],
    ["classoid", oid],
    ["objsubid", int4],
    ["description", text],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap(({ comment, oid: number }) =>
      comment === undefined || comment === "" ? [] : [[number, classes.pg_class, 0, comment]],
    ),
};

/** What each view reads: a row from its rule, as PostgreSQL has it, to the object. */
const depend: SystemView = {
  columns: [
    ["classid", oid],
    ["objid", oid],
    ["objsubid", int4],
    ["refclassid", oid],
    ["refobjid", oid],
    ["refobjsubid", int4],
    ["deptype", char(1)],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      relation.kind === "table"
        ? []
        : relation.references.map(([, reference]) => [
            classes.pg_rewrite,
            ruleOid(relation),
            0,
            classes.pg_class,
            reference,
            0,
            "n",
          ]),
    ),
};

/** The rule that makes a view. */
const ruleOid = (view: RelationObject) => view.oid + 2_000_000_000;

const rewrite: SystemView = {
  columns: [
    ["oid", oid],
    ["rulename", name],
    ["ev_class", oid],
    ["ev_attr", int2],
    ["ev_type", char(1)],
    ["is_instead", bool],
    ["ev_qual", text],
    ["ev_action", text],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      relation.kind === "table" ? [] : [[ruleOid(relation), "_RETURN", relation.oid, -1, "1", true, "<>", "<>"]],
    ),
};

const types: SystemView = {
  columns: [
    ["oid", oid],
    ["typname", name],
    ["typnamespace", oid],
    ["typowner", int4],
    ["typlen", int2],
    ["typbyval", bool],
    ["typtype", char(1)],
    ["typisdefined", bool],
    ["typdelim", char(1)],
    ["typrelid", oid],
    ["typelem", oid],
    ["typnotnull", bool],
    ["typbasetype", oid],
    ["typtypmod", int4],
    ["typndims", int4],
    ["typdefault", text],
  ],
  rows: () =>
    listedTypes.map(([typeName, number, length]) => [
      number,
      typeName,
      11,
      1,
      length,
      false,
      "b",
      true,
      ",",
      0,
      0,
      false,
      0,
      -1,
      0,
      null,
    ]),
};

const database: SystemView = {
  columns: [
    ["oid", oid],
    ["datname", name],
    ["datdba", int4],
    ["encoding", int4],
    ["datistemplate", bool],
    ["datallowconn", bool],
    ["datlastsysoid", oid],
    ["datvacuumxid", int4],
    ["datfrozenxid", int4],
    ["dattablespace", oid],
    ["datconfig", text],
    ["datacl", text],
  ],
  rows: (world) => [
    [
      world.catalogue.database.oid,
      world.settings.databaseName,
      userId(world.catalogue.database.owner, world),
      6,
      false,
      true,
      100_000,
      0,
      0,
      1663,
      null,
      null,
    ],
  ],
};

const tables: SystemView = {
  columns: [
    ["schemaname", name],
    ["tablename", name],
    ["tableowner", name],
    ["tablespace", name],
    ["hasindexes", bool],
    ["hasrules", bool],
    ["hastriggers", bool],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      relation.kind === "table" ? [[relation.schema, relation.name, relation.owner, null, false, false, false]] : [],
    ),
};

const views: SystemView = {
  columns: [
    ["schemaname", name],
    ["viewname", name],
    ["viewowner", name],
    ["definition", text],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) => {
      const definition = viewDefinition(relation);
      return definition === undefined ? [] : [[relation.schema, relation.name, relation.owner, definition]];
    }),
};

/** Definitions by the numbers of views, which `pg_get_viewdef` reads. */
const viewDefinitions: SystemView = {
  columns: [
    ["oid", oid],
    ["definition", text],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) => {
      const definition = viewDefinition(relation);
      return definition === undefined ? [] : [[relation.oid, definition]];
    }),
};

const procedureColumns = [
  ["proname", name],
  ["pronamespace", oid],
  ["proowner", int4],
  ["prolang", oid],
  ["proisagg", bool],
  ["prosecdef", bool],
  ["proisstrict", bool],
  ["proretset", bool],
  ["provolatile", char(1)],
  ["pronargs", int2],
  ["prorettype", oid],
  ["prosrc", text],
] as const;

const procedureRows = (world: SystemWorld, more: readonly Cell[]) =>
  world.catalogue.procedures.map((procedure): Cell[] => [
    procedure.oid,
    procedure.name,
    schemaOid(procedure.schema, world),
    userId(procedure.owner, world),
    100_100,
    false,
    procedure.definer,
    false,
    false,
    "v",
    procedure.args.filter((argument) => argument.mode !== "out").length,
    0,
    procedure.body,
    ...more,
  ]);

/** Procedures; functions of the system are not listed. */
const procedures: SystemView = {
  columns: [["oid", oid], ...procedureColumns],
  rows: (world) => procedureRows(world, []),
};

const procedureInfo: SystemView = {
  columns: [["prooid", oid], ...procedureColumns, ["prokind", char(1)]],
  rows: (world) => procedureRows(world, ["p"]),
};

const index: SystemView = {
  columns: [
    ["indexrelid", oid],
    ["indrelid", oid],
    ["indkey", text],
    ["indclass", text],
    ["indnatts", int2],
    ["indisunique", bool],
    ["indisprimary", bool],
    ["indisclustered", bool],
    ["indexprs", text],
    ["indpred", text],
  ],
  rows: () => [],
};

/** Columns of late-binding views as they were when the view was made. Source of the columns: PG_GET_LATE_BINDING_VIEW_COLS. */
const lateBindingColumns: SystemView = {
  columns: [
    ["view_schema", name],
    ["view_name", name],
    ["col_name", name],
    ["col_type", text],
    ["col_num", int4],
  ],
  rows: (world) =>
    world.catalogue.relations.flatMap((relation) =>
      relation.kind === "view" && relation.lateBinding
        ? relation.columns.map((column, at) => [
            relation.schema,
            relation.name,
            column.name,
            typeText(column.type),
            at + 1,
          ])
        : [],
    ),
};

/** Catalogue tables of PostgreSQL 8.0, with the columns that Redshift adds to them. */
export const pgCatalogViews: SystemViews = {
  pg_attrdef: attributeDefault,
  pg_attribute: attribute,
  pg_class: pgClass,
  pg_class_info: classInfo,
  pg_database: database,
  pg_depend: depend,
  pg_description: description,
  pg_get_late_binding_view_cols: lateBindingColumns,
  pg_index: index,
  pg_namespace: namespace,
  pg_proc: procedures,
  pg_proc_info: procedureInfo,
  pg_rewrite: rewrite,
  pg_tables: tables,
  pg_type: types,
  pg_views: views,
  "pg_internal.view_definitions": viewDefinitions,
};
