import { SqlError } from "../../sql/sql-error.ts";
import type { CatalogueColumn, KeptAttributes } from "../catalogue-object.ts";

/** Refuses sort and distribution keys that are no columns of the relation, or of type SUPER. Source: DG limitations-super. */
export function checkKeys(columns: readonly CatalogueColumn[], attributes: KeptAttributes): void {
  for (const key of [...attributes.sortKeys, ...(attributes.distKey === undefined ? [] : [attributes.distKey])]) {
    const column = columns.find((candidate) => candidate.name === key);
    if (column === undefined) throw new SqlError(`column "${key}" does not exist`, { sqlState: "42703" });
    if (column.type.name === "super")
      throw new SqlError("SUPER columns cannot be a distribution or sort key", { sqlState: "0A000" });
  }
}
