import { varchar } from "../../sql/sql-type.ts";
import {
  bool,
  int4,
  int8,
  isSeen,
  moment,
  name as text,
  streamingViews,
  timestamp,
  viewOf,
  type SystemView,
  type SystemViews,
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
        100,
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

/** A streaming view without auto refresh may be stale; we do not look, so it says `u`. */
const mvInfo: SystemView = {
  columns: [
    ["database_name", text],
    ["schema_name", text],
    ["user_name", text],
    ["name", text],
    ["is_stale", varchar(1)],
    ["state", int4],
    ["autorewrite", bool],
    ["autorefresh", bool],
  ],
  rows: (world) =>
    streamingViews(world).map((view) => [
      world.settings.databaseName,
      view.schema,
      view.owner,
      view.name,
      "u",
      1,
      false,
      view.autoRefresh,
    ]),
};

/** Materialized views and their refreshes. */
export const materializedViewViews: SystemViews = { svv_mv_info: mvInfo, sys_mv_refresh_history: refreshHistory };
