import { typeText } from "../../../sql/sql-type.ts";
import type { RelationObject } from "../../catalogue-object.ts";
import { listing } from "../listing.ts";
import { columnsOf, withDefinitions } from "../relation-facts.ts";
import { bool, char, int2, int4, name, oid, text, type SystemViews, type SystemWorld } from "../system-view.ts";
import { classes } from "./classes.ts";

/** The rule that makes a view. */
const ruleOid = (view: RelationObject) => view.oid + 2_000_000_000;

const viewsOf = (world: SystemWorld) => world.catalogue.relations.filter((relation) => relation.kind !== "table");

/** What each view reads and calls: a row from its rule, as PostgreSQL has it, to the object. */
const depend = listing({
  of: (world) => viewsOf(world).flatMap((view) => view.references.map(([, reference]) => ({ view, reference }))),
  columns: [
    ["classid", oid, classes.pg_rewrite],
    ["objid", oid, ({ view }) => ruleOid(view)],
    ["objsubid", int4, 0],
    [
      "refclassid",
      oid,
      ({ reference }, world) =>
        world.catalogue.get(reference)?.kind === "function" ? classes.pg_proc : classes.pg_class,
    ],
    ["refobjid", oid, ({ reference }) => reference],
    ["refobjsubid", int4, 0],
    ["deptype", char(1), "n"],
  ],
});

const rewrite = listing({
  of: viewsOf,
  columns: [
    ["oid", oid, ruleOid],
    ["rulename", name, "_RETURN"],
    ["ev_class", oid, (view) => view.oid],
    ["ev_attr", int2, -1],
    ["ev_type", char(1), "1"],
    ["is_instead", bool, true],
    ["ev_qual", text, "<>"],
    ["ev_action", text, "<>"],
  ],
});

const views = listing({
  of: (world) => withDefinitions(world.catalogue.relations, world),
  columns: [
    ["schemaname", name, ({ relation }) => relation.schema],
    ["viewname", name, ({ relation }) => relation.name],
    ["viewowner", name, ({ relation }) => relation.owner],
    ["definition", text, ({ definition }) => definition],
  ],
});

/** Definitions by the numbers of views, which `pg_get_viewdef` reads. */
const viewDefinitions = listing({
  of: (world) => withDefinitions(world.catalogue.relations, world),
  columns: [
    ["oid", oid, ({ relation }) => relation.oid],
    ["definition", text, ({ definition }) => definition],
  ],
});

/** Columns of late-binding views as they were when the view was made. Source of the columns: PG_GET_LATE_BINDING_VIEW_COLS. */
const lateBindingColumns = listing({
  of: (world) =>
    world.catalogue.relations.filter((relation) => relation.kind === "view" && relation.lateBinding).flatMap(columnsOf),
  columns: [
    ["view_schema", name, ({ relation }) => relation.schema],
    ["view_name", name, ({ relation }) => relation.name],
    ["col_name", name, ({ column }) => column.name],
    ["col_type", text, ({ column }) => typeText(column.type)],
    ["col_num", int4, ({ position }) => position],
  ],
});

/** Views, by the rules that make them. */
export const ruleViews: SystemViews = {
  pg_depend: depend,
  pg_get_late_binding_view_cols: lateBindingColumns,
  pg_rewrite: rewrite,
  pg_views: views,
  "pg_internal.view_definitions": viewDefinitions,
};
