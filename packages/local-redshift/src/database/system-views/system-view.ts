import type { Activity } from "../activity/activity.ts";
import { types, varchar, type SqlType } from "../../sql/sql-type.ts";
import type { Catalogue } from "../catalogue.ts";
import { isStreamingView, type MaterializedViewObject } from "../catalogue-object.ts";
import type { DatabaseSettings } from "../database.ts";
import type { LockManager } from "../locks.ts";
import type { RowChanges } from "../materialized-views/row-changes.ts";
import type { Identity } from "../rights/identity.ts";
import type { Refreshes } from "../streaming/refreshes.ts";
import type { Vacuums } from "../vacuum/vacuums.ts";

/** What system views tell about. */
export interface SystemWorld {
  readonly catalogue: Catalogue;
  /** Who asks. */
  readonly user: Identity;
  readonly activity: Activity;
  readonly locks: LockManager;
  readonly refreshes: Refreshes;
  readonly rowChanges: RowChanges;
  readonly vacuums: Vacuums;
  readonly settings: DatabaseSettings;
  /** Schemas in which names without one are looked for. */
  readonly searchPath: readonly string[];
}

export type Cell = string | number | boolean | null;

/** A view of the system: its columns in their documented order, and its rows as they are now for who asks. */
export interface SystemView {
  readonly columns: readonly (readonly [name: string, type: SqlType])[];
  rows(world: SystemWorld): readonly (readonly Cell[])[];
  /** Columns that are the number of rows of the table whose number is in the column `oid`; empty tables have no row then. */
  readonly counted?: {
    readonly oid: string;
    readonly columns: readonly string[];
    /** A column that has the bytes of a row, and is the 1 MB blocks that all of them take. */
    readonly blocks: string;
  };
}

/** Views of one family by their names, with the schema before those that are not in `pg_catalog`. */
export type SystemViews = Readonly<Record<string, SystemView>>;

/** Types that the columns of system views have. */
export const { bool, int2, int4, int8, float4, float8, timestamp } = types;
export const char = (length: number): SqlType => ({ name: "bpchar", length });
/** Names of objects: PostgreSQL's type `name`, which clients are told as VARCHAR here. */
export const name = varchar(128);
/** PostgreSQL's type `oid`, which clients are told as BIGINT here. */
export const oid: SqlType = { name: "int8" };
/** Text without a bound: PostgreSQL's type `text`. */
export const text = types.text;

/** A time of epoch milliseconds and, if given, some microseconds after it. */
export function moment(millis: number, micros = 0): string {
  const whole = Math.floor(micros / 1000);
  const seconds = new Date(millis + whole).toISOString().replace("T", " ").replace("Z", "");
  return micros === 0 ? seconds : `${seconds}${String(micros - whole * 1000).padStart(3, "0")}`;
}

/**
 * Whether the asking user sees the rows of all users, and not only its own: superusers, users with SYSLOG ACCESS UNRESTRICTED, and those
 * who have the privilege ACCESS SYSTEM TABLE, as by the role sys:monitor. Source: cm_chap_system-tables, r_roles-default.
 */
export const seesAll = ({ user }: SystemWorld) =>
  user.superuser || user.user.unrestrictedSyslog === true || user.system.has("access system table");

/** Whether the asking user sees the rows about a user: its own, and those of others as {@link seesAll} says. */
export const seesRowsOf = (userName: string, world: SystemWorld) => seesAll(world) || userName === world.user.name;

/** Users see their own materialized views, superusers all. Source: Database Developer Guide, cm_chap_system-tables. */
export const isSeen = (view: MaterializedViewObject, world: SystemWorld) => seesRowsOf(view.owner, world);

export function viewOf(viewOid: number, world: SystemWorld): MaterializedViewObject | undefined {
  const view = world.catalogue.get(viewOid);
  return view?.kind === "materialized view" ? view : undefined;
}

export const materializedViews = (world: SystemWorld) =>
  world.catalogue.relations.filter((relation) => relation.kind === "materialized view");

export const streamingViews = (world: SystemWorld) => world.catalogue.relations.filter(isStreamingView);
