import { SqlError } from "../sql/sql-error.ts";

/** Two transactions that change the same object at once, as concurrent GRANTs do. Source: aws/aws-cdk#22852. */
export function catalogueConflict(error: unknown): SqlError | undefined {
  if (!(error instanceof Error) || !/conflict/i.test(error.message)) return undefined;
  return new SqlError("could not complete because of conflict with concurrent transaction", {
    sqlState: "40001",
    cause: error,
  });
}

/** A statement whose nesting is more than the call stack holds. */
export function tooDeep(error: unknown): SqlError | undefined {
  if (!(error instanceof RangeError)) return undefined;
  return new SqlError("stack depth limit exceeded: the statement is nested too deeply", {
    sqlState: "54001",
    cause: error,
  });
}
