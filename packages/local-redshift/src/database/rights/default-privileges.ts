import { isRelation, type Catalogue } from "../catalogue.ts";
import type { CatalogueObject } from "../catalogue-object.ts";
import { withGrant } from "./privilege.ts";

/** A new table, view, procedure or function with what its owner grants by default, everywhere or in its schema. Source: r_ALTER_DEFAULT_PRIVILEGES. */
export function withDefaultGrants(object: CatalogueObject, catalogue: Catalogue): CatalogueObject {
  if (!isRelation(object) && object.kind !== "procedure" && object.kind !== "function") return object;
  const on = isRelation(object) ? "tables" : (`${object.kind}s` as const);
  const owner = catalogue.user(object.owner)?.oid;
  const schema = catalogue.schema(object.schema)?.oid;
  return catalogue.defaultPrivileges
    .filter((entry) => entry.on === on && entry.user === owner)
    .filter((entry) => entry.schema === undefined || entry.schema === schema)
    .flatMap((entry) => entry.grants)
    .reduce<typeof object>((granted, grant) => withGrant(granted, grant, owner), object);
}
