import type { Bound } from "./bound.ts";
import { castTo, coerce } from "./cast.ts";
import { SqlError } from "./sql-error.ts";
import { isMoment, isNumber, isText, maxVarcharBytes, plainTypeText, typeText, type SqlType } from "./sql-type.ts";

/**
 * An expression as the value of a column, for INSERT and UPDATE. Text that is too long is an error here and not cut.
 * Throws `column "x" is of type a but expression is of type b` for what cannot be assigned.
 */
export function assign(bound: Bound, column: { readonly name: string; readonly type: SqlType }): string {
  const { type } = column;
  if (isText(type)) return assignText(bound, type);
  if (bound.type.name === "unknown") return coerce(bound, type).sql;
  if (!isAssignable(bound.type, type))
    throw new SqlError(
      `column "${column.name}" is of type ${plainTypeText(type)} but expression is of type ${plainTypeText(bound.type)}`,
      { sqlState: "42804" },
    );
  return castTo(bound, type).sql;
}

function isAssignable(from: SqlType, to: SqlType): boolean {
  if (from.name === to.name || to.name === "super" || from.name === "super") return true;
  if (isNumber(from)) return isNumber(to);
  if (isMoment(from)) return isMoment(to);
  return isText(from);
}

function assignText(bound: Bound, type: SqlType): string {
  if (bound.constant === null) return "NULL";
  const most = type.length ?? maxVarcharBytes;
  const message = `value too long for type ${typeText(type)}`;
  if (bound.type.name === "unknown") {
    if (Buffer.byteLength(bound.constant ?? "") > most) throw new SqlError(message, { sqlState: "22001" });
    return bound.sql;
  }
  const text = isText(bound.type) ? bound : castTo(bound, { name: "varchar", length: maxVarcharBytes });
  if ((text.type.length ?? maxVarcharBytes) <= most || !isText(text.type)) return text.sql;
  return `(CASE WHEN strlen(${text.sql}) > ${most} THEN error('${message}') ELSE ${text.sql} END)`;
}
