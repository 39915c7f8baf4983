import { quoteText } from "./bound.ts";
import { SqlError } from "./sql-error.ts";

/** DuckDB text that fails with Redshift's `message`, as it is; it stands where a value is wanted. */
export function raise(message: string): string {
  return raiseText(quoteText(message));
}

/** As {@link raise}, with the message as DuckDB text. */
export function raiseText(message: string): string {
  return `error('ERROR: ' || ${message})`;
}

/** What `read` gives for a constant; the error that it throws, which begins with `ERROR: `, as a SqlError. */
export function readConstant<Value>(read: () => Value, sqlState: string): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("ERROR: ")) throw error;
    throw new SqlError(error.message.slice("ERROR: ".length), { sqlState, cause: error });
  }
}
