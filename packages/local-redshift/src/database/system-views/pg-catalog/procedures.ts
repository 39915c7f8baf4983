import type { ProcedureObject } from "../../catalogue-object.ts";
import { inputsOf } from "../../procedures/find-procedure.ts";
import { listing, type ListedColumn } from "../listing.ts";
import { ownerId } from "../owners.ts";
import { bool, char, int2, int4, name, oid, text, type SystemViews, type SystemWorld } from "../system-view.ts";
import { schemaOid } from "./namespaces.ts";

const procedureColumns: readonly ListedColumn<ProcedureObject>[] = [
  ["proname", name, (procedure) => procedure.name],
  ["pronamespace", oid, (procedure, world) => schemaOid(procedure.schema, world)],
  ["proowner", int4, ownerId],
  ["prolang", oid, 100_100],
  ["proisagg", bool, false],
  ["prosecdef", bool, (procedure) => procedure.definer],
  ["proisstrict", bool, false],
  ["proretset", bool, false],
  ["provolatile", char(1), "v"],
  ["pronargs", int2, (procedure) => inputsOf(procedure).length],
  ["prorettype", oid, 0],
  ["prosrc", text, (procedure) => procedure.body],
];

const listed = (world: SystemWorld) => world.catalogue.procedures;

const procedures = listing({
  of: listed,
  columns: [["oid", oid, (procedure) => procedure.oid], ...procedureColumns],
});

const procedureInfo = listing({
  of: listed,
  columns: [["prooid", oid, (procedure) => procedure.oid], ...procedureColumns, ["prokind", char(1), "p"]],
});

/** Procedures; functions of the system are not listed. */
export const procedureViews: SystemViews = { pg_proc: procedures, pg_proc_info: procedureInfo };
