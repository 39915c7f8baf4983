import { quoteText } from "./bound.ts";

/** DuckDB text that fails with Redshift's `message`, as it is; it stands where a value is wanted. */
export function raise(message: string): string {
  return raiseText(quoteText(message));
}

/** As {@link raise}, with the message as DuckDB text. */
export function raiseText(message: string): string {
  return `error('ERROR: ' || ${message})`;
}
