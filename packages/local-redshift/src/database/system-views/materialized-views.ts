import { varchar } from "../../sql/sql-type.ts";
import { isTableView } from "../catalogue-object.ts";
import { viewState } from "../materialized-views/view-state.ts";
import { databaseName, listing } from "./listing.ts";
import { userId } from "./owners.ts";
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

const refreshHistory = listing({
  of: (world) =>
    world.refreshes.history.runs.flatMap((run) => {
      const view = viewOf(run.viewOid, world);
      return view !== undefined && isSeen(view, world) ? [{ run, view }] : [];
    }),
  columns: [
    ["user_id", int4, ({ run }, world) => userId(run.user, world)],
    ["session_id", int4, ({ run }) => run.pid],
    ["transaction_id", int8, ({ run }) => run.transactionId],
    ["database_name", text, databaseName],
    ["schema_name", text, ({ view }) => view.schema],
    ["mv_id", int8, ({ view }) => view.oid],
    ["mv_name", text, ({ view }) => view.name],
    ["refresh_type", text, ({ run }) => run.type],
    ["status", varchar(256), ({ run }) => run.status],
    ["start_time", timestamp, ({ run }) => moment(run.startedAt)],
    ["end_time", timestamp, ({ run }) => moment(run.endedAt)],
    ["duration", int8, ({ run }) => Math.round((run.endedAt - run.startedAt) * 1000)],
    ["consumer_account", text, null],
    ["consumer_region", text, null],
    ["consumer_namespace", text, null],
  ],
});

/** The materialized views that the asking user sees. */
const seenViews = (world: SystemWorld) => materializedViews(world).filter((view) => isSeen(view, world));

/** Whether a streaming view is behind its stream is not looked at, so it says `f`. */
const mvInfo = listing({
  of: seenViews,
  columns: [
    ["database_name", char(128), databaseName],
    ["schema_name", char(128), (view) => view.schema],
    ["user_name", char(128), (view) => view.owner],
    ["name", char(128), (view) => view.name],
    ["is_stale", char(1), (view, world) => (isTableView(view) && world.rowChanges.isStale(view) ? "t" : "f")],
    ["state", int4, (view, world) => viewState(view, world.catalogue)],
    ["autorewrite", char(1), "f"],
    ["autorefresh", char(1), (view) => (view.autoRefresh ? "t" : "f")],
  ],
});

/** A materialized view with each materialized view that it reads. */
const dependencies = (world: SystemWorld) =>
  seenViews(world).flatMap((view) =>
    view.references.flatMap(([, oid]) => {
      const below = viewOf(oid, world);
      return below === undefined ? [] : [{ view, below }];
    }),
  );

const mvDependency = listing({
  of: dependencies,
  columns: [
    ["database_name", char(128), databaseName],
    ["schema_name", char(128), ({ view }) => view.schema],
    ["name", char(128), ({ view }) => view.name],
    ["dependent_database_name", char(128), databaseName],
    ["dependent_schema_name", char(128), ({ below }) => below.schema],
    ["dependent_name", char(128), ({ below }) => below.name],
  ],
});

const mvDeps = listing({
  of: dependencies,
  columns: [
    ["db_name", char(128), databaseName],
    ["schema", char(128), ({ view }) => view.schema],
    ["name", char(128), ({ view }) => view.name],
    ["ref_schema", char(128), ({ below }) => below.schema],
    ["ref_name", char(128), ({ below }) => below.name],
  ],
});

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
