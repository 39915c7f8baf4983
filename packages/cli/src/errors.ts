/** Exit codes of `millrace`, the same for every command. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, fault: 70, interrupted: 130 } as const;

/** Something a person can put right: the message says what, where and the cure. Exit code 1, no stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** The command line itself is wrong: unknown option, missing argument, value out of bounds. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The message of anything thrown, with the causes behind it, without stack traces. */
export function describeError(error: unknown): string {
  const lines: string[] = [];
  for (let current = error; current !== undefined && lines.length < 5;) {
    const message = current instanceof Error ? current.message || current.name : String(current);
    if (!lines.some((line) => line.includes(message))) lines.push(message);
    current = current instanceof Error ? current.cause : undefined;
  }
  return lines.join("\n  caused by: ");
}

/** Errors of the packages below that carry a sentence meant for people. */
const sentenceNames = ["StatementError", "MigrationError", "DeployError"];
/** What the AWS SDKs throw before a request leaves: no credentials, none that still hold. */
const credentialNames = ["CredentialsProviderError", "TokenProviderError"];
/** What the operating system says when the other side cannot be reached. */
const networkCodes = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
];

/** Whether an error is a sentence for people or comes from outside, from AWS or the network; what is left is a fault of ours. */
export function isForeseen(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof UserError || error instanceof UsageError) return true;
  if ([...sentenceNames, ...credentialNames].includes(error.name)) return true;
  if (networkCodes.includes((error as NodeJS.ErrnoException).code ?? "")) return true;
  // An exception that a service of AWS answered with.
  return "$fault" in error || isForeseen(error.cause);
}
