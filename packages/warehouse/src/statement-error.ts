const maxSqlLength = 200;

/** A statement that the warehouse took and could not finish. `message` is the service's own text. */
export class StatementError extends Error {
  override readonly name = "StatementError";
  /** Id of the statement, of the whole batch where it was one. */
  readonly statementId: string;
  /** The failed statement's text, cut to its first 200 characters. */
  readonly sql: string;
  /** Position of the failed statement in its batch, from 0; absent for a single statement and where the service names none. */
  readonly statementIndex?: number;
  /** `ABORTED`: somebody cancelled it, or the service stopped it. */
  readonly status: "FAILED" | "ABORTED";

  constructor(
    message: string,
    fields: { statementId: string; sql: string; status: "FAILED" | "ABORTED"; statementIndex?: number | undefined },
  ) {
    super(message);
    this.statementId = fields.statementId;
    this.sql = fields.sql.slice(0, maxSqlLength);
    this.status = fields.status;
    if (fields.statementIndex !== undefined) this.statementIndex = fields.statementIndex;
  }
}
