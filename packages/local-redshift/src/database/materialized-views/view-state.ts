import { isRelation, type Catalogue } from "../catalogue.ts";
import { isTableView, type MaterializedViewObject, type TableViewObject } from "../catalogue-object.ts";
import { viewQuery } from "../relation-lookup.ts";
import { isIncremental } from "./definition.ts";

/**
 * The state that SVV_MV_INFO tells: 0 computed anew at each refresh, 1 incrementally; above 100 the view cannot be refreshed, since
 * of a base a column is gone (102), has another type (103), or the name (104) or schema (105) is another.
 * Source: Database Developer Guide, r_STV_MV_INFO.
 */
export function viewState(view: MaterializedViewObject, catalogue: Catalogue): number {
  if (!isTableView(view)) return 1;
  const broken = view.bases.map((base) => baseState(base, catalogue)).find((state) => state > 0);
  return broken ?? (isIncremental({ query: viewQuery(view), references: view.references }, catalogue) ? 1 : 0);
}

function baseState(base: TableViewObject["bases"][number], catalogue: Catalogue): number {
  const now = catalogue.get(base.oid);
  if (now === undefined || !isRelation(now)) return 101;
  const columns = new Map(now.columns.map((column) => [column.name, JSON.stringify(column.type)]));
  if (base.columns.some((column) => !columns.has(column.name))) return 102;
  if (base.columns.some((column) => columns.get(column.name) !== JSON.stringify(column.type))) return 103;
  if (now.name !== base.name) return 104;
  return now.schema === base.schema ? 0 : 105;
}
