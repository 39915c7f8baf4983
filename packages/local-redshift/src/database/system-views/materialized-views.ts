import { varchar } from "../../sql/sql-type.ts";
import { userId } from "./owners.ts";
import { isTableView } from "../catalogue-object.ts";
import { viewState } from "../materialized-views/view-state.ts";
import {
  char,
  int4,
  int8,
  isSeen,
  materializedViews,
  moment,
  name as text,
  timestamp,
  viewOf,
  type SystemView,
  type SystemViews,
  type SystemWorld,
} from "./system-view.ts";

const refreshHistory: SystemView = {
  columns: [
    ["user_id", int4],
    ["session_id", int4],
    ["transaction_id", int8],
    ["database_name", text],
    ["schema_name", text],
    ["mv_id", int8],
    ["mv_name", text],
    ["refresh_type", text],
    ["status", varchar(256)],
    ["start_time", timestamp],
    ["end_time", timestamp],
    ["duration", int8],
    ["consumer_account", text],
    ["consumer_region", text],
    ["consumer_namespace", text],
  ],
  rows: (world) =>
    world.refreshes.history.runs
      .filter((run) => isSeen(viewOf(run.viewOid, world), world))
      .map((run) => [
        userId(run.user, world),
        run.pid,
        run.transactionId,
        world.settings.databaseName,
        viewOf(run.viewOid, world)!.schema,
        run.viewOid,
        viewOf(run.viewOid, world)!.name,
        run.type,
        run.status,
        moment(run.startedAt),
        moment(run.endedAt),
        Math.round((run.endedAt - run.startedAt) * 1000),
        null,
        null,
        null,
      ]),
};

/** Whether a streaming view is behind its stream is not looked at, so it says `f`. */
const mvInfo: SystemView = {
  columns: [
    ["database_name", char(128)],
    ["schema_name", char(128)],
    ["user_name", char(128)],
    ["name", char(128)],
    ["is_stale", char(1)],
    ["state", int4],
    ["autorewrite", char(1)],
    ["autorefresh", char(1)],
  ],
  rows: (world) =>
    materializedViews(world)
      .filter((view) => isSeen(view, world))
      .map((view) => [
        world.settings.databaseName,
        view.schema,
        view.owner,
        view.name,
        isTableView(view) && world.rowChanges.isStale(view) ? "t" : "f",
        viewState(view, world.catalogue),
        "f",
        view.autoRefresh ? "t" : "f",
      ]),
};

/** A materialized view with each materialized view that it reads. */
const dependencies = (world: SystemWorld) =>
  materializedViews(world)
    .filter((view) => isSeen(view, world))
    .flatMap((view) =>
      view.references.flatMap(([, oid]) => {
        const below = viewOf(oid, world);
        return below === undefined ? [] : [{ view, below }];
      }),
    );

const mvDependency: SystemView = {
  columns: [
    ["database_name", char(128)],
    ["schema_name", char(128)],
    ["name", char(128)],
    ["dependent_database_name", char(128)],
    ["dependent_schema_name", char(128)],
    ["dependent_name", char(128)],
  ],
  rows: (world) =>
    dependencies(world).map(({ view, below }) => {
      const { databaseName } = world.settings;
      return [databaseName, view.schema, view.name, databaseName, below.schema, below.name];
    }),
};

const mvDeps: SystemView = {
  columns: [
    ["db_name", char(128)],
    ["schema", char(128)],
    ["name", char(128)],
    ["ref_schema", char(128)],
    ["ref_name", char(128)],
  ],
  rows: (world) =>
    dependencies(world).map(({ view, below }) => [
      world.settings.databaseName,
      view.schema,
      view.name,
      below.schema,
      below.name,
    ]),
};

/** Changes that make a view be computed anew or unable to be refreshed: none are noted here. */
const mvState: SystemView = {
  columns: [
    ["user_id", int8],
    ["transaction_id", int8],
    ["database_name", char(128)],
    ["event_desc", char(500)],
    ["start_time", timestamp],
    ["base_table_database_name", char(128)],
    ["base_table_schema", char(128)],
    ["base_table_name", char(128)],
    ["mv_schema", char(128)],
    ["mv_name", char(128)],
    ["state", char(32)],
  ],
  rows: () => [],
};

/** Materialized views and their refreshes. */
export const materializedViewViews: SystemViews = {
  stv_mv_deps: mvDeps,
  svv_mv_dependency: mvDependency,
  svv_mv_info: mvInfo,
  sys_mv_refresh_history: refreshHistory,
  sys_mv_state: mvState,
};
