/**
 * A statement that failed as it would on Redshift. The message is Redshift's own text, first word `ERROR:`, with a second line
 * `  Position: n` (1-based) where the place is known.
 */
export class SqlError extends Error {
  override readonly name = "SqlError";
  /** The five characters of PostgreSQL's error codes, e.g. `42P01`. */
  readonly sqlState: string;
  /** The message alone. */
  readonly text: string;
  /** Place in the statement, 1-based. */
  readonly position: number | undefined;

  constructor(
    message: string,
    options: { readonly sqlState?: string; readonly position?: number; readonly cause?: unknown } = {},
  ) {
    const text =
      options.position === undefined ? `ERROR: ${message}` : `ERROR: ${message}\n  Position: ${options.position}`;
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.text = message;
    this.position = options.position;
    this.sqlState = options.sqlState ?? "XX000";
  }
}
