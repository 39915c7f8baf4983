import type { EventColumn } from "@millrace/events";
import {
  attributeOf,
  hasFamilyName,
  problemOf,
  textOf,
  timeAttributes,
  timeColumn,
  timeOf,
} from "./event-conditions.ts";
import type { ContractFamily } from "./event-conditions.ts";
import { toTimestamp } from "./event-time-sql.ts";

/** Columns of the streaming view that follow a family's own in its public view. */
const recordColumns = ["approximate_arrival_timestamp", "refresh_time", "shard_id", "sequence_number", "event_index"];

/** Columns of `millrace.events`. */
const eventColumns = [
  "approximate_arrival_timestamp",
  "refresh_time",
  "partition_key",
  "shard_id",
  "sequence_number",
  "event_index",
  "event",
];

const generatedNote =
  "-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.";

/**
 * The repeatable migrations that follow from the contract, by file name: `R__checked_events.sql`, which says of each event what is wrong with it, one
 * `R__<view>.sql` a family and `R__bad_events.sql`. Each typed view takes the events with a name of its family and nothing wrong, the bad events
 * are those with something wrong. So no event is in two of them and none is in none: families have no event name in common.
 */
export function contractMigrations(families: readonly ContractFamily[]): ReadonlyMap<string, string> {
  return new Map([
    ["R__checked_events.sql", checkedEvents(families)],
    ...families.map((family) => [`R__${family.view}.sql`, typedView(family)] as const),
    ["R__bad_events.sql", badEvents],
  ]);
}

/** A cast from SUPER that does not fit gives NULL; the one cast that can fail is that of a text to a time, which brings its own guard. */
function checkedEvents(families: readonly ContractFamily[]): string {
  const times = timeAttributes(families);
  const columns = (relation: string) => eventColumns.map((column) => `${relation}.${column}`);
  const texts = times.map((attribute) => `${textOf(attributeOf("r.event", attribute))} AS ${timeText(attribute)}`);
  const moments = times.map((attribute) => `${toTimestamp(`t.${timeText(attribute)}`)} AS ${timeColumn(attribute)}`);
  return `--! after: R__events

${generatedNote}
-- The events of millrace.events, each with its times in UTC and with what the contract finds wrong with it: a rule and the attribute that breaks it, as in
-- 'out-of-range status', or NULL. SQL reads an attribute that is missing and one that is null alike. Attributes that the contract does not know are let
-- through, so that a warehouse can lag behind a producer.
CREATE OR REPLACE VIEW millrace.checked_events AS
SELECT
${lines([...columns("e"), ...times.map((attribute) => timeOf("e", attribute))], 2)},
${indent(problemOf("e", families), 2)}::VARCHAR(160) AS problem
FROM (
  SELECT
${lines([...columns("t"), ...moments], 4)}
  FROM (
    SELECT
${lines([...columns("r"), ...texts], 6)}
    FROM millrace.events AS r
  ) AS t
) AS e;
`;
}

function timeText(attribute: string): string {
  return `${attribute}_text`;
}

function typedView(family: ContractFamily): string {
  const { name, view, columns } = family;
  const decoded = columns.map((column) => `${decodedOf(column)} AS ${column.name}`);
  return `--! after: R__checked_events

${generatedNote}
-- The events of the family ${name}, one column for each attribute of the contract, then the record that brought them.
CREATE OR REPLACE VIEW public.${view} AS
SELECT
${lines([...decoded, ...recordColumns.map((column) => `e.${column}`)], 2)}
FROM millrace.checked_events AS e
WHERE ${hasFamilyName("e.event", family)}
  AND e.problem IS NULL;
`;
}

function decodedOf({ attribute, sqlType, constraint }: EventColumn): string {
  return constraint.kind === "time" ? timeOf("e", attribute) : `${attributeOf("e.event", attribute)}::${sqlType}`;
}

const badEvents = `--! after: R__checked_events

${generatedNote}
-- Everything that is no event of the contract, with the reason: elements of millrace.events that no typed view has, and records without any
-- element (event_index NULL). With the typed views it is the whole of the stream: nothing is in two of them, nothing in none.
-- The bytes of a record that is not JSON are in millrace.stream_records.failed_payload, by shard_id and sequence_number.
CREATE OR REPLACE VIEW public.bad_events AS
SELECT
  SPLIT_PART(e.problem, ' ', 1)::VARCHAR(32) AS reason,
  NULLIF(SPLIT_PART(e.problem, ' ', 2), '')::VARCHAR(128) AS field,
${lines(
  eventColumns.map((column) => `e.${column}`),
  2,
)}
FROM millrace.checked_events AS e
WHERE e.problem IS NOT NULL
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

function lines(items: readonly string[], width: number): string {
  return items.map((item) => " ".repeat(width) + item).join(",\n");
}

function indent(text: string, width: number): string {
  return text.replace(/^/gm, " ".repeat(width));
}
