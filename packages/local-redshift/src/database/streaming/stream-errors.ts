import { SqlError } from "../../sql/sql-error.ts";

/** Asks a stream; what goes wrong there is told with the stream's name, as an error of the statement or the refresh. */
export async function fromStream<Answer>(streamName: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    if (isLostPosition(cause)) throw lostPosition(streamName, cause);
    const [code, reason] = cause instanceof Error ? [cause.name, cause.message] : ["Error", String(cause)];
    // The service's code and text, such as those of a key that is disabled. Redshift's own frame around them is UNCONFIRMED.
    throw new SqlError(`Kinesis stream "${streamName}" could not be read: ${code}: ${reason}`, { cause });
  }
}

/** Readers of other packages have an error class of their own, so the name decides. */
export const isLostPosition = (error: unknown): error is Error =>
  error instanceof Error && error.name === "StreamPositionError";

/** A view that cannot go on in its stream, with the cure. */
export function lostPosition(streamName: string, cause: Error): SqlError {
  const cure = "drop the materialized view and create it again to read what the stream has now";
  return new SqlError(`Kinesis stream "${streamName}" is not as the view has read it: ${cause.message}; ${cure}`, {
    cause,
  });
}
