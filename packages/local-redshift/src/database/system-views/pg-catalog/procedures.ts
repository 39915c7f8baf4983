import type { FunctionObject, ProcedureObject } from "../../catalogue-object.ts";
import { inputsOf } from "../../procedures/find-procedure.ts";
import { listing, type ListedColumn } from "../listing.ts";
import { ownerId } from "../owners.ts";
import { bool, char, int2, int4, name, oid, text, type SystemViews, type SystemWorld } from "../system-view.ts";
import { typeOid } from "../type-catalog.ts";
import { schemaOid } from "./namespaces.ts";

type Routine = ProcedureObject | FunctionObject;

const procedureColumns: readonly ListedColumn<Routine>[] = [
  ["proname", name, (procedure) => procedure.name],
  ["pronamespace", oid, (procedure, world) => schemaOid(procedure.schema, world)],
  ["proowner", int4, ownerId],
  ["prolang", oid, (routine, world) => world.catalogue.language(languageOf(routine))!.oid],
  ["proisagg", bool, false],
  ["prosecdef", bool, (routine) => routine.kind === "procedure" && routine.definer],
  ["proisstrict", bool, false],
  ["proretset", bool, false],
  ["provolatile", char(1), (routine) => (routine.kind === "function" ? routine.volatility[0]! : "v")],
  ["pronargs", int2, (routine) => (routine.kind === "function" ? routine.args : inputsOf(routine)).length],
  ["prorettype", oid, (routine) => (routine.kind === "function" ? typeOid(routine.returns) : 0)],
  ["prosrc", text, (procedure) => procedure.body],
];

const languageOf = ({ kind }: Routine) => (kind === "function" ? "sql" : "plpgsql");

const listed = (world: SystemWorld): readonly Routine[] => [
  ...world.catalogue.procedures,
  ...world.catalogue.functions,
];

const procedures = listing({
  of: listed,
  columns: [["oid", oid, (procedure) => procedure.oid], ...procedureColumns],
});

const procedureInfo = listing({
  of: listed,
  columns: [
    ["prooid", oid, (procedure) => procedure.oid],
    ...procedureColumns,
    ["prokind", char(1), ({ kind }) => kind[0]!],
  ],
});

/** Procedures and functions in SQL; those of the system are not listed. */
export const procedureViews: SystemViews = { pg_proc: procedures, pg_proc_info: procedureInfo };
