import type { TObject, TSchema } from "typebox";
import { eventTimeFormat } from "./fields.ts";

/** What the values of a column must meet: what a SQL generator needs to write the casts of a view and the reasons of a quarantine. */
export type ColumnConstraint =
  /** One of these strings. */
  | { readonly kind: "names"; readonly names: readonly string[] }
  /** A string of at least `minLength` characters and at most `maxBytes` bytes of UTF-8. */
  | { readonly kind: "text"; readonly minLength: number; readonly maxBytes: number }
  /** A number without fraction, both bounds included. */
  | { readonly kind: "integer"; readonly minimum: number; readonly maximum: number }
  /**
   * An ISO 8601 string with a zone. A cast straight to TIMESTAMP would drop the zone; in UTC it is
   * `value::varchar::timestamptz AT TIME ZONE 'UTC'`.
   */
  | { readonly kind: "time" };

/** A column of a family's view in the warehouse. */
export interface EventColumn {
  /** The column's name: the attribute's, unless that is a reserved word of Redshift. */
  readonly name: string;
  /** Redshift's type, for example `VARCHAR(128)`, `TIMESTAMP` (in UTC), `INTEGER`, `BIGINT`. */
  readonly sqlType: string;
  /** The attribute of the event that fills it. */
  readonly attribute: string;
  /** Whether null is a valid value. */
  readonly nullable: boolean;
  readonly constraint: ColumnConstraint;
}

/** What attributes of events are called, so that readers find them without a session setting of Redshift. */
export const attributePattern = /^[a-z_][a-z0-9_]*$/;

/**
 * Attributes whose plain name would mislead in SQL: `SELECT user` answers the name of the database user.
 * Source: Redshift developer guide, reserved words.
 */
const columnNames: Readonly<Record<string, string>> = { user: "user_id" };

/** Width of a column of names: room for later ones, because a public view's columns never change. */
const nameBytes = 64;

/** Largest INTEGER of Redshift. */
const maxInteger = 2 ** 31 - 1;

/** The columns of an object schema made of this package's fields, in the order of its properties. Throws `TypeError` for any other field. */
export function columnsOf(schema: TObject): readonly EventColumn[] {
  return Object.entries(schema.properties).map(([attribute, field]) => columnOf(attribute, field));
}

function columnOf(attribute: string, field: TSchema): EventColumn {
  if (!attributePattern.test(attribute)) {
    throw new TypeError(
      `an attribute must match ${attributePattern.source}, got ${JSON.stringify(attribute)} (event schema)`,
    );
  }
  const variants = (field as Keywords).anyOf;
  const nullable = variants?.some(({ type }) => type === "null") ?? false;
  const constraint = constraintOf(attribute, variants?.find(({ type }) => type !== "null") ?? (field as Keywords));
  return { name: columnNames[attribute] ?? attribute, sqlType: sqlTypeOf(constraint), attribute, nullable, constraint };
}

function constraintOf(attribute: string, keywords: Keywords): ColumnConstraint {
  const { type, format, minLength = 0, maxLength, minimum, maximum } = keywords;
  if (keywords.enum) return { kind: "names", names: keywords.enum };
  if (type === "string" && format === eventTimeFormat) return { kind: "time" };
  if (type === "string" && maxLength !== undefined) return { kind: "text", minLength, maxBytes: maxLength };
  if (type === "integer" && minimum !== undefined && maximum !== undefined)
    return { kind: "integer", minimum, maximum };
  throw new TypeError(
    `a field must be a text, an integer with bounds, a name or a time; "${attribute}" is none (event schema)`,
  );
}

function sqlTypeOf(constraint: ColumnConstraint): string {
  switch (constraint.kind) {
    case "names":
      return `VARCHAR(${nameBytes})`;
    case "text":
      return `VARCHAR(${constraint.maxBytes})`;
    case "integer":
      return constraint.minimum >= -maxInteger && constraint.maximum <= maxInteger ? "INTEGER" : "BIGINT";
    case "time":
      return "TIMESTAMP";
  }
}

/** The JSON Schema keywords that this package's fields consist of. */
interface Keywords {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Keywords[];
}
