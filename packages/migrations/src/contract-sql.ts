import type { ColumnConstraint, EventColumn, EventFamily } from "@millrace/events";
import { isEventTimeText, toTimestamp } from "./event-time-sql.ts";
import { quoteIdentifier, quoteLiteral } from "./placeholders.ts";

/** What the generator needs of an event family. */
export type ContractFamily = Pick<EventFamily, "name" | "view" | "eventNames" | "columns">;

/** Columns of the streaming view that follow a family's own in its public view. */
const recordColumns = ["approximate_arrival_timestamp", "refresh_time", "shard_id", "sequence_number", "event_index"];

const generatedNote =
  "-- Generated from the contract of @millrace/events by scripts/write-sql.ts: change the contract, then run that.";

/**
 * The repeatable migrations that follow from the contract, by file name: `R__checked_events.sql`, which gives each event its family and what is
 * wrong with it, and one `R__<view>.sql` a family. Typed views take the events without a problem, public.bad_events those with one:
 * `problem IS NULL` is true or false and never unknown, so no event is in both or in neither.
 */
export function contractMigrations(families: readonly ContractFamily[]): ReadonlyMap<string, string> {
  return new Map([
    ["R__checked_events.sql", checkedEvents(families)],
    ...families.map((family) => [`R__${family.view}.sql`, typedView(family)] as const),
  ]);
}

function checkedEvents(families: readonly ContractFamily[]): string {
  return `--! after: R__events

${generatedNote}
-- Every event with the family that its event_name names and its first problem: a rule, and the attribute that breaks it, as in
-- 'out-of-range status'; NULL where there is none. SQL reads an attribute that is missing and one that is null alike: both are 'missing-field'
-- where null is not allowed. Attributes that the contract does not know are no problem here, so that a warehouse can lag behind a producer.
CREATE OR REPLACE VIEW millrace.checked_events AS
SELECT
  n.approximate_arrival_timestamp,
  n.refresh_time,
  n.partition_key,
  n.shard_id,
  n.sequence_number,
  n.event_index,
  n.event,
  n.family,
  CASE
    WHEN NOT COALESCE(IS_OBJECT(n.event), FALSE) THEN 'not-an-object'
    WHEN ${isNull('n.event."event_name"')} THEN 'missing-field event_name'
    WHEN ${isNotOfType('n.event."event_name"', "string")} THEN 'wrong-type event_name'
    WHEN n.family IS NULL THEN 'unknown-event-name event_name'
${families.map(familyProblems).join("\n")}
  END::VARCHAR(160) AS problem
FROM (
  SELECT
    e.approximate_arrival_timestamp,
    e.refresh_time,
    e.partition_key,
    e.shard_id,
    e.sequence_number,
    e.event_index,
    e.event,
    CASE
${families.map(({ name, eventNames }) => `      WHEN JSON_TYPEOF(e.event."event_name") = 'string' AND e.event."event_name"::VARCHAR(65535) IN (${eventNames.map(quoteLiteral).join(", ")}) THEN ${quoteLiteral(name)}`).join("\n")}
    END::VARCHAR(32) AS family
  FROM millrace.events AS e
) AS n;
`;
}

function familyProblems({ name, columns }: ContractFamily): string {
  const checks = columns.filter(({ constraint }) => constraint.kind !== "names").flatMap(columnProblems);
  return `    WHEN n.family = ${quoteLiteral(name)} THEN CASE
${checks.map(({ when, problem }) => `      WHEN ${when} THEN ${quoteLiteral(problem)}`).join("\n")}
    END`;
}

/** The ways in which an attribute breaks the contract, the first that holds counts. Each condition is true or false, never unknown. */
function columnProblems(column: EventColumn): readonly { when: string; problem: string }[] {
  const { attribute, nullable, constraint } = column;
  const value = `n.event.${quoteIdentifier(attribute)}`;
  const unlessNull = nullable ? `COALESCE(JSON_TYPEOF(${value}), 'null') <> 'null' AND ` : "";
  const rule = (when: string, problem: string) => ({
    when: `${unlessNull}${when}`,
    problem: `${problem} ${attribute}`,
  });
  return [
    ...(nullable ? [] : [{ when: isNull(value), problem: `missing-field ${attribute}` }]),
    rule(constraint.kind === "integer" ? isNoInteger(value) : isNotOfType(value, "string"), "wrong-type"),
    rule(isOutside(value, constraint), constraint.kind === "time" ? "bad-time" : "out-of-range"),
  ];
}

function isOutside(value: string, constraint: ColumnConstraint): string {
  const text = `${value}::VARCHAR(65535)`;
  switch (constraint.kind) {
    case "names":
      return not(`${text} IN (${constraint.names.map(quoteLiteral).join(", ")})`);
    case "text":
      return not(`OCTET_LENGTH(${text}) BETWEEN ${constraint.minLength} AND ${constraint.maxBytes}`);
    case "integer":
      return not(`${value}::BIGINT BETWEEN ${constraint.minimum} AND ${constraint.maximum}`);
    case "time":
      return not(isEventTimeText(text));
  }
}

/** JSON_TYPEOF of an attribute that is not there is NULL or 'null'; both end up here. */
function isNull(value: string): string {
  return `COALESCE(JSON_TYPEOF(${value}), 'null') = 'null'`;
}

function isNotOfType(value: string, type: string): string {
  return `COALESCE(JSON_TYPEOF(${value}), 'null') <> ${quoteLiteral(type)}`;
}

/** IS_INTEGER is true in the range of 32 bits only. Source: Redshift developer guide, IS_INTEGER and IS_BIGINT. */
function isNoInteger(value: string): string {
  return not(`IS_BIGINT(${value})`);
}

function not(condition: string): string {
  return `NOT COALESCE(${condition}, FALSE)`;
}

function typedView({ name, view, columns }: ContractFamily): string {
  return `--! after: R__checked_events

${generatedNote}
-- The events of the family ${name}, one column for each attribute of the contract, then the record that brought them.
CREATE OR REPLACE VIEW public.${view} AS
SELECT
${[...columns.map((column) => `  ${decoded(column)} AS ${column.name}`), ...recordColumns.map((column) => `  c.${column}`)].join(",\n")}
FROM millrace.checked_events AS c
WHERE c.family = ${quoteLiteral(name)}
  AND c.problem IS NULL;
`;
}

/** A cast from SUPER that does not fit gives NULL; the one cast that can fail is that of a text to a time, which brings its own guard. */
function decoded({ attribute, sqlType, constraint }: EventColumn): string {
  const value = `c.event.${quoteIdentifier(attribute)}`;
  return constraint.kind === "time" ? toTimestamp(`${value}::VARCHAR(65535)`) : `${value}::${sqlType}`;
}
