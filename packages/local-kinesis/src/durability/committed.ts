/**
 * Waits for a write to LMDB to be committed. Throws an `Error` that says why it was not: lmdb-js has the reason in a second promise of the
 * error, which ends the process unless somebody waits for it.
 */
export async function committed<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write;
  } catch (error) {
    const { commitError } = error as { readonly commitError?: Promise<never> };
    const cause: unknown = commitError ? await commitError.catch((reason: unknown) => reason) : error;
    throw new Error(`the change could not be stored: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
