/** The command line itself is wrong; the message says what was expected. Exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
