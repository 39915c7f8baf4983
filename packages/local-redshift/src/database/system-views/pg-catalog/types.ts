import { listing } from "../listing.ts";
import { bool, char, int2, int4, name, oid, text, type SystemViews } from "../system-view.ts";
import { listedTypes } from "../type-catalog.ts";

const types = listing({
  of: () => listedTypes,
  columns: [
    ["oid", oid, ([, number]) => number],
    ["typname", name, ([typeName]) => typeName],
    ["typnamespace", oid, 11],
    ["typowner", int4, 1],
    ["typlen", int2, ([, , length]) => length],
    ["typbyval", bool, false],
    ["typtype", char(1), "b"],
    ["typisdefined", bool, true],
    ["typdelim", char(1), ","],
    ["typrelid", oid, 0],
    ["typelem", oid, 0],
    ["typnotnull", bool, false],
    ["typbasetype", oid, 0],
    ["typtypmod", int4, -1],
    ["typndims", int4, 0],
    ["typdefault", text, null],
  ],
});

/** Types of columns. */
export const typeViews: SystemViews = { pg_type: types };
