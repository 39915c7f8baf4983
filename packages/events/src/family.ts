import type { Static, TObject, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { columnsOf, type EventColumn } from "./columns.ts";
import { sampleEvent } from "./samples.ts";

/**
 * A kind of event, declared once as a schema; the rest is derived from it.
 * `FamilyEvent` is the TypeScript type of its events.
 */
export interface EventFamily<FamilyEvent extends object = object> {
  readonly name: "activity" | "web_requests";
  /** Name of the family's public view in the warehouse. */
  readonly view: string;
  /** Values of `event_name` that belong to this family, and to no other. */
  readonly eventNames: readonly string[];
  /** JSON Schema of an event (a TypeBox object schema). Byte lengths and dates that exist are checked beyond it. */
  readonly schema: TSchema;
  /** Columns of the view, in its order: the envelope first. */
  readonly columns: readonly EventColumn[];
  /** A valid event. `random` answers from 0 (included) to 1 (excluded), `now` is in epoch milliseconds. */
  sample(random: () => number, now: number): FamilyEvent;
  /** The compiled validator: true for a plain object that meets the schema in full, says nothing of why not. */
  matches(value: object): value is FamilyEvent;
}

/** Derives a family from its schema, which must be closed (no additional properties) and have every property required. */
export function defineFamily<Schema extends TObject>(
  declaration: Pick<EventFamily, "name" | "view" | "eventNames"> & { readonly schema: Schema },
): EventFamily<Static<Schema>> {
  const { schema } = declaration;
  const columns = columnsOf(schema);
  const validator = Compile(schema);
  return {
    ...declaration,
    columns,
    sample: (random, now) => sampleEvent(schema, columns, random, now) as Static<Schema>,
    matches: (value): value is Static<Schema> => validator.Check(value) && hasOnlyPlainKeys(value, columns.length),
  };
}

/** The schema counted the own property names; this counts what JSON.stringify will write, so that a hidden one does not pass for an attribute. */
function hasOnlyPlainKeys(value: object, keyCount: number): boolean {
  return Object.keys(value).length === keyCount;
}
