import { bool, int2, oid, text, type SystemView, type SystemViews } from "../system-view.ts";

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

/** There are no indexes. */
export const indexViews: SystemViews = { pg_index: index };
