import type { EventColumn, EventFamily } from "@millrace/events";
import { quoteIdentifier, quoteLiteral } from "./placeholders.ts";

/** What the generator needs of an event family. */
export type ContractFamily = Pick<EventFamily, "name" | "view" | "eventNames" | "columns">;

/** Text of an attribute, whole: a cast to VARCHAR without a length would keep 256 bytes, and 65,535 is the most that SUPER holds. */
export function textOf(value: string): string {
  return `${value}::VARCHAR(65535)`;
}

/** SQL of an attribute of the event in `event`. */
export function attributeOf(event: string, attribute: string): string {
  return `${event}.${quoteIdentifier(attribute)}`;
}

/** SQL that is true for an event whose name belongs to the family; unknown (NULL) for one without a name. */
export function hasFamilyName(event: string, { eventNames }: ContractFamily): string {
  return `${textOf(attributeOf(event, "event_name"))} IN (${eventNames.map(quoteLiteral).join(", ")})`;
}

/** Attributes that some family has as a time, each once. */
export function timeAttributes(families: readonly ContractFamily[]): readonly string[] {
  const times = families.flatMap(({ columns }) => columns.filter(({ constraint }) => constraint.kind === "time"));
  return [...new Set(times.map(({ attribute }) => attribute))];
}

/** SQL of an attribute as the time that it is, in a relation that has one column for each of {@link timeAttributes}; NULL when it is no time. */
export function timeOf(relation: string, attribute: string): string {
  return `${relation}.${timeColumn(attribute)}`;
}

/** The name of that column. */
export function timeColumn(attribute: string): string {
  return `${attribute}_utc`;
}

/**
 * SQL of what is wrong with the event of a relation that has its `event` and its times: a rule, and the attribute that breaks it, as in
 * 'out-of-range status'. NULL when nothing is.
 */
export function problemOf(relation: string, families: readonly ContractFamily[]): string {
  const event = `${relation}.event`;
  const name = attributeOf(event, "event_name");
  const whens = families.map((family) => {
    const problems = family.columns.filter(isChecked).flatMap((column) => columnProblems(relation, column));
    return [`WHEN ${hasFamilyName(event, family)} THEN CASE`, ...problems.map((line) => `  ${line}`), "END"].join("\n");
  });
  return `CASE
WHEN NOT COALESCE(IS_OBJECT(${event}), FALSE) THEN 'not-an-object'
WHEN ${isNull(name)} THEN 'missing-field event_name'
WHEN ${isNoString(name)} THEN 'wrong-type event_name'
${whens.join("\n")}
ELSE 'unknown-event-name event_name'
END`;
}

/** The name is what chooses the family. */
function isChecked({ constraint }: EventColumn): boolean {
  return constraint.kind !== "names";
}

/** SQL that is true for a value of the right type that the contract does not take. */
function isOutside(relation: string, { attribute, constraint }: EventColumn): string {
  const value = attributeOf(`${relation}.event`, attribute);
  const unless = (condition: string) => `NOT COALESCE(${condition}, FALSE)`;
  switch (constraint.kind) {
    case "names":
      return unless(`${textOf(value)} IN (${constraint.names.map(quoteLiteral).join(", ")})`);
    case "text": {
      const { minLength, maxBytes } = constraint;
      const bounds = minLength === 0 ? `<= ${maxBytes}` : `BETWEEN ${minLength} AND ${maxBytes}`;
      return unless(`OCTET_LENGTH(${textOf(value)}) ${bounds}`);
    }
    case "integer":
      return unless(`${value}::BIGINT BETWEEN ${constraint.minimum} AND ${constraint.maximum}`);
    case "time":
      return `${timeOf(relation, attribute)} IS NULL`;
  }
}

/** In the order of the rules: each is asked only of what the ones before it let through. */
function columnProblems(relation: string, column: EventColumn): readonly string[] {
  const { attribute, nullable, constraint } = column;
  const value = attributeOf(`${relation}.event`, attribute);
  // IS_INTEGER is true in the range of 32 bits only. Source: Redshift developer guide, IS_INTEGER and IS_BIGINT.
  const isNoType = constraint.kind === "integer" ? `NOT COALESCE(IS_BIGINT(${value}), FALSE)` : isNoString(value);
  const unlessNull = (condition: string) => (nullable ? `NOT ${isNull(value)} AND ${condition}` : condition);
  const rules: readonly (readonly [condition: string, rule: string])[] = [
    ...(nullable ? [] : [[isNull(value), "missing-field"] as const]),
    [unlessNull(isNoType), "wrong-type"],
    [unlessNull(isOutside(relation, column)), constraint.kind === "time" ? "bad-time" : "out-of-range"],
  ];
  return rules.map(([condition, rule]) => `WHEN ${condition} THEN ${quoteLiteral(`${rule} ${attribute}`)}`);
}

/** JSON_TYPEOF of an attribute that is not there is NULL or 'null'; both end up here. */
function isNull(value: string): string {
  return `(COALESCE(JSON_TYPEOF(${value}), 'null') = 'null')`;
}

function isNoString(value: string): string {
  return `COALESCE(JSON_TYPEOF(${value}), 'null') <> 'string'`;
}
