import type { StoredPaths } from "../sql/bind-context.ts";

/** Which paths into SUPER columns are kept as columns of their own, by relation. */
export interface ShreddedPaths {
  of(oid: number): StoredPaths;
}

/** Keeps none: every path is read from the JSON. */
export const noShreddedPaths: ShreddedPaths = { of: () => ({ find: () => undefined }) };
