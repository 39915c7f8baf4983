import type { TObject, TSchema } from "typebox";
import type { ColumnConstraint, EventColumn } from "./columns.ts";

/** One nullable field in this many is null in samples. */
const nullEvery = 4;
/** Length of a sample's event_id: 128 random bits in hexadecimal. */
const identifierDigits = 32;
/** Furthest above its minimum that a sampled integer without examples lies. */
const maxSampleSpan = 1_000_000;

/**
 * A valid event made from the schema: values come from a field's `examples` where it has them, otherwise from its bounds.
 * `random` answers from 0 (included) to 1 (excluded); `now` is in epoch milliseconds.
 */
export function sampleEvent(
  schema: TObject,
  columns: readonly EventColumn[],
  random: () => number,
  now: number,
): object {
  return Object.fromEntries(
    columns.map((column) => {
      const isNull = column.nullable && random() * nullEvery < 1;
      return [
        column.attribute,
        isNull ? null : sampleValue(column, examplesOf(schema.properties[column.attribute]), random, now),
      ];
    }),
  );
}

function sampleValue(
  column: EventColumn,
  examples: readonly unknown[] | undefined,
  random: () => number,
  now: number,
): unknown {
  if (examples) return pick(examples, random);
  const { constraint } = column;
  switch (constraint.kind) {
    case "time":
      return new Date(now).toISOString();
    case "names":
      return pick(constraint.names, random);
    case "integer":
      return sampleInteger(constraint, random);
    case "text":
      return sampleIdentifier(random).slice(0, constraint.maxBytes);
  }
}

function sampleInteger(
  { minimum, maximum }: Extract<ColumnConstraint, { kind: "integer" }>,
  random: () => number,
): number {
  return minimum + Math.floor(random() * (Math.min(maximum - minimum, maxSampleSpan) + 1));
}

function sampleIdentifier(random: () => number): string {
  let digits = "";
  while (digits.length < identifierDigits)
    digits += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return digits;
}

function pick(values: readonly unknown[], random: () => number): unknown {
  return values[Math.floor(random() * values.length)];
}

function examplesOf(field: TSchema | undefined): readonly unknown[] | undefined {
  const { examples, anyOf } = (field ?? {}) as Annotated;
  return examples ?? anyOf?.find((variant) => variant.examples)?.examples;
}

interface Annotated {
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Annotated[];
}
