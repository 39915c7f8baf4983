import { quoteText, type Bound } from "./bound.ts";
import { castTo, coerce, withoutBlanks } from "./cast.ts";
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

/**
 * Blanks behind that do not fit are cut, anything else that does not fit is an error; CHAR is stored without the blanks behind it, so that
 * values that compare as equal are equal. Source: Database Developer Guide, r_Character_types.
 */
function assignText(bound: Bound, type: SqlType): string {
  if (bound.constant === null) return "NULL";
  const most = type.length ?? maxVarcharBytes;
  const message = `value too long for type ${typeText(type)}`;
  if (bound.type.name === "unknown") {
    const fitting = fitText(bound.constant ?? "", type.name === "bpchar" ? 0 : most);
    if (Buffer.byteLength(fitting) > most) throw new SqlError(message, { sqlState: "22001" });
    return quoteText(fitting);
  }
  const text = isText(bound.type) ? bound : castTo(bound, { name: "varchar", length: maxVarcharBytes });
  const sql = type.name === "bpchar" ? withoutBlanks(text) : text.sql;
  if ((text.type.length ?? maxVarcharBytes) <= most) return sql;
  const error = `error('${message}')`;
  if (type.name === "bpchar") return `(CASE WHEN strlen(${sql}) > ${most} THEN ${error} ELSE ${sql} END)`;
  // What is over are blanks, and so as many characters as bytes.
  const fitting = `left(${sql}, length(${sql}) - strlen(${sql}) + ${most})`;
  return `(CASE WHEN strlen(${sql}) <= ${most} THEN ${sql} WHEN strlen(rtrim(${sql}, ' ')) > ${most} THEN ${error} ELSE ${fitting} END)`;
}

/** Text with as few of the blanks behind it left out as make it at most so many bytes. */
function fitText(text: string, most: number): string {
  let length = text.length;
  let bytes = Buffer.byteLength(text);
  while (bytes > most && text[length - 1] === " ") [length, bytes] = [length - 1, bytes - 1];
  return text.slice(0, length);
}
