import { types, varchar, type SqlType } from "../../sql/sql-type.ts";
import type { Catalogue } from "../catalogue.ts";
import type { MaterializedViewObject } from "../catalogue-object.ts";
import type { DatabaseSettings, DatabaseUser } from "../database.ts";
import type { Refreshes } from "../streaming/refreshes.ts";

/** What system views tell about. */
export interface SystemWorld {
  readonly catalogue: Catalogue;
  readonly user: DatabaseUser;
  readonly refreshes: Refreshes;
  readonly settings: DatabaseSettings;
}

export type Cell = string | number | boolean | null;

/** A view of the system: its columns in their documented order, and its rows as they are now for who asks. */
export interface SystemView {
  readonly columns: readonly (readonly [name: string, type: SqlType])[];
  rows(world: SystemWorld): readonly (readonly Cell[])[];
}

/** Views of one family by their names, with the schema before those that are not in `pg_catalog`. */
export type SystemViews = Readonly<Record<string, SystemView>>;

/** Types that the columns of system views have. */
export const { bool, int4, int8, timestamp } = types;
/** Names of objects: PostgreSQL's type `name`, which clients are told as VARCHAR here. */
export const name = varchar(128);
/** A time of epoch milliseconds as a cell. */
export const moment = (millis: number) => new Date(millis).toISOString().replace("T", " ").replace("Z", "");

export const streamingViews = (world: SystemWorld) =>
  world.catalogue.relations.filter((relation) => relation.kind === "materialized view");

/** Users see their own rows, superusers all. Source: Database Developer Guide, cm_chap_system-tables. */
export const isSeen = (view: MaterializedViewObject | undefined, world: SystemWorld) =>
  view !== undefined && (world.user.superuser || view.owner === world.user.name);

export function viewOf(viewOid: number, world: SystemWorld): MaterializedViewObject | undefined {
  const view = world.catalogue.get(viewOid);
  return view?.kind === "materialized view" ? view : undefined;
}
