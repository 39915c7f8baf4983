import type { SystemViews } from "../system-view.ts";
import { attributeViews } from "./attributes.ts";
import { classViews } from "./classes.ts";
import { indexViews } from "./indexes.ts";
import { namespaceViews } from "./namespaces.ts";
import { procedureViews } from "./procedures.ts";
import { ruleViews } from "./rules.ts";
import { typeViews } from "./types.ts";

/** Catalogue tables of PostgreSQL 8.0, with the columns that Redshift adds to them. */
export const pgCatalogViews: SystemViews = {
  ...attributeViews,
  ...classViews,
  ...indexViews,
  ...namespaceViews,
  ...procedureViews,
  ...ruleViews,
  ...typeViews,
};
