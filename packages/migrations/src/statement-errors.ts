import { StatementError } from "@millrace/warehouse";

/** Whether a statement failed for want of a relation or schema. Redshift: `schema "millrace" does not exist`, `relation "millrace.ledger" does not exist`. */
export const isMissing = (error: unknown): boolean =>
  error instanceof StatementError && /does not exist/i.test(error.message);

/** Which statement of a batch failed, from 0. Where the service lists no parts, its text has the number: `Query #2 failed with ERROR: …` (from 1). */
export function failedIndex(error: StatementError): number | undefined {
  if (error.statementIndex !== undefined) return error.statementIndex;
  const number = /^Query #(\d+) failed/.exec(error.message)?.[1];
  return number === undefined ? undefined : Number(number) - 1;
}
