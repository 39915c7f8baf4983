import type { ColumnConstraint, EventColumn, EventFamily } from "@millrace/events";
import { isEventTimeText } from "./event-time-sql.ts";
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

/**
 * SQL conditions that all hold for those events with a name of the family that its typed view shows, and for no other. A condition may be unknown
 * (NULL), so whoever wants the others says `NOT COALESCE(… AND …, FALSE)`.
 */
export function fieldConditions(event: string, { columns }: ContractFamily): readonly string[] {
  return columns.filter(isChecked).map((column) => isFine(event, column));
}

/** SQL of what is wrong with an event that no family takes: a rule, and the attribute that breaks it, as in 'out-of-range status'. */
export function problemOf(event: string, families: readonly ContractFamily[]): string {
  const name = attributeOf(event, "event_name");
  const whens = families.map((family) => {
    const problems = family.columns.filter(isChecked).flatMap((column) => columnProblems(event, column));
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

function isFine(event: string, { attribute, nullable, constraint }: EventColumn): string {
  const value = attributeOf(event, attribute);
  const conditions = [typeCondition(value, constraint), rangeCondition(value, constraint)].filter(
    (condition) => condition !== undefined,
  );
  return nullable ? `(${isNull(value)} OR (${conditions.join(" AND ")}))` : conditions.join(" AND ");
}

function typeCondition(value: string, constraint: ColumnConstraint): string | undefined {
  // No number and no boolean looks like a time, so its form says enough.
  if (constraint.kind === "time") return undefined;
  // IS_INTEGER is true in the range of 32 bits only. Source: Redshift developer guide, IS_INTEGER and IS_BIGINT.
  return constraint.kind === "integer" ? `IS_BIGINT(${value})` : `JSON_TYPEOF(${value}) = 'string'`;
}

function rangeCondition(value: string, constraint: ColumnConstraint): string {
  const text = textOf(value);
  switch (constraint.kind) {
    case "names":
      return `${text} IN (${constraint.names.map(quoteLiteral).join(", ")})`;
    case "text":
      return constraint.minLength === 0
        ? `OCTET_LENGTH(${text}) <= ${constraint.maxBytes}`
        : `OCTET_LENGTH(${text}) BETWEEN ${constraint.minLength} AND ${constraint.maxBytes}`;
    case "integer":
      return `${value}::BIGINT BETWEEN ${constraint.minimum} AND ${constraint.maximum}`;
    case "time":
      return isEventTimeText(text);
  }
}

/** In the order of the rules; the last one needs no condition, since one of them holds for a column that is not fine. */
function columnProblems(event: string, column: EventColumn): readonly string[] {
  const { attribute, nullable, constraint } = column;
  const value = attributeOf(event, attribute);
  const isNoType = constraint.kind === "integer" ? `NOT COALESCE(IS_BIGINT(${value}), FALSE)` : isNoString(value);
  const rules: readonly (readonly [condition: string, rule: string])[] = [
    ...(nullable ? [] : [[isNull(value), "missing-field"] as const]),
    [nullable ? `NOT ${isNull(value)} AND ${isNoType}` : isNoType, "wrong-type"],
    [`NOT COALESCE(${isFine(event, column)}, FALSE)`, constraint.kind === "time" ? "bad-time" : "out-of-range"],
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
