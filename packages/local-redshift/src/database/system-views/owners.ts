import { SqlError } from "../../sql/sql-error.ts";
import type { RelationObject } from "../catalogue-object.ts";
import type { SystemWorld } from "./system-view.ts";

/** The number of a user; 1 for the service's own, as in the examples of the guide. */
export function userId(name: string, world: SystemWorld): number {
  if (name === "rdsdb") return 1;
  return name === world.user.name && !world.user.superuser ? 101 : 100;
}

/** Whether the asking user may know of a relation. */
export function isKnown(_relation: RelationObject, _world: SystemWorld): boolean {
  return true;
}

/** Refuses who is no superuser. Source: the pages of the views; the text is that of any relation without a grant. */
export function onlySuperusers(view: string, world: SystemWorld): void {
  if (!world.user.superuser) throw new SqlError(`permission denied for relation ${view}`, { sqlState: "42501" });
}
