import type { EventColumn } from "@millrace/events";
import { attributeOf, fieldConditions, hasFamilyName, problemOf, textOf } from "./event-conditions.ts";
import type { ContractFamily } from "./event-conditions.ts";
import { toTimestamp } from "./event-time-sql.ts";

/** Columns of the streaming view that follow a family's own in its public view. */
const recordColumns = ["approximate_arrival_timestamp", "refresh_time", "shard_id", "sequence_number", "event_index"];

const generatedNote =
  "-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.";

/**
 * The repeatable migrations that follow from the contract, by file name: one `R__<view>.sql` a family and `R__bad_events.sql`. Each typed view takes the
 * events with a name of its family for which the conditions hold, the bad events are those for which they do not, written with the same text, and
 * those with another name. So no event is in two of them and none is in none: families have no event name in common.
 */
export function contractMigrations(families: readonly ContractFamily[]): ReadonlyMap<string, string> {
  return new Map([
    ...families.map((family) => [`R__${family.view}.sql`, typedView(family)] as const),
    ["R__bad_events.sql", badEvents(families)],
  ]);
}

function typedView(family: ContractFamily): string {
  const { name, view, columns } = family;
  const times = columns.filter(({ constraint }) => constraint.kind === "time");
  const inner = [...recordColumns, "event"].map((column) => `r.${column}`);
  const texts = times.map(
    ({ attribute, name: column }) => `${textOf(attributeOf("r.event", attribute))} AS ${timeText(column)}`,
  );
  return `--! after: R__events

${generatedNote}
-- The events of the family ${name}, one column for each attribute of the contract, then the record that brought them. SQL reads an attribute that is
-- missing and one that is null alike. Attributes that the contract does not know are let through, so that a warehouse can lag behind a producer.
CREATE OR REPLACE VIEW public.${view} AS
SELECT
${lines([...columns.map((column) => `${decoded(column)} AS ${column.name}`), ...recordColumns.map((column) => `e.${column}`)], 2)}
FROM (
  SELECT
${lines([...inner, ...texts], 4)}
  FROM millrace.events AS r
) AS e
WHERE ${[hasFamilyName("e.event", family), ...fieldConditions("e.event", family)].join("\n  AND ")};
`;
}

/** A cast from SUPER that does not fit gives NULL; the one cast that can fail is that of a text to a time, which brings its own guard. */
function decoded({ name, attribute, sqlType, constraint }: EventColumn): string {
  return constraint.kind === "time"
    ? toTimestamp(`e.${timeText(name)}`)
    : `${attributeOf("e.event", attribute)}::${sqlType}`;
}

function timeText(column: string): string {
  return `${column}_text`;
}

function badEvents(families: readonly ContractFamily[]): string {
  const isBad = families.map((family) => {
    const isFine = fieldConditions("e.event", family).join("\n      AND ");
    return `    WHEN ${hasFamilyName("e.event", family)} THEN NOT COALESCE(${isFine}, FALSE)`;
  });
  return `--! after: R__events

${generatedNote}
-- Everything that is no event of the contract, with the reason: elements of millrace.events that no typed view has, and records without any
-- element (event_index NULL). With the typed views it is the whole of the stream: nothing is in two of them, nothing in none.
-- The bytes of a record that is not JSON are in millrace.stream_records.failed_payload, by shard_id and sequence_number.
CREATE OR REPLACE VIEW public.bad_events AS
SELECT
  SPLIT_PART(b.problem, ' ', 1)::VARCHAR(32) AS reason,
  NULLIF(SPLIT_PART(b.problem, ' ', 2), '')::VARCHAR(128) AS field,
  b.approximate_arrival_timestamp,
  b.refresh_time,
  b.partition_key,
  b.shard_id,
  b.sequence_number,
  b.event_index,
  b.event
FROM (
  SELECT
    e.approximate_arrival_timestamp,
    e.refresh_time,
    e.partition_key,
    e.shard_id,
    e.sequence_number,
    e.event_index,
    e.event,
${indent(problemOf("e.event", families), 4)}::VARCHAR(160) AS problem
  FROM millrace.events AS e
  WHERE CASE
${isBad.join("\n")}
    ELSE TRUE
  END
) AS b
UNION ALL
SELECT
  CASE
    WHEN r.failed_payload IS NOT NULL THEN 'not-json'
    WHEN IS_ARRAY(r.payload) THEN 'empty-array'
    ELSE 'not-an-object'
  END::VARCHAR(32) AS reason,
  NULL::VARCHAR(128) AS field,
  r.approximate_arrival_timestamp,
  r.refresh_time,
  r.partition_key,
  r.shard_id,
  r.sequence_number,
  NULL::INTEGER AS event_index,
  r.payload AS event
FROM millrace.stream_records AS r
WHERE NOT COALESCE(IS_OBJECT(r.payload), FALSE)
  AND COALESCE(CASE WHEN IS_ARRAY(r.payload) THEN GET_ARRAY_LENGTH(r.payload) END, 0) = 0;
`;
}

function lines(items: readonly string[], width: number): string {
  return items.map((item) => " ".repeat(width) + item).join(",\n");
}

function indent(text: string, width: number): string {
  return text.replace(/^/gm, " ".repeat(width));
}
