import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/**
 * Most bytes of one request body, also after gzip is undone. Kinesis takes 10 MiB of records in one request; in
 * base64 and with the JSON around 500 of them that is below 15 MiB.
 */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

const inflate = promisify(gunzip);

/** Thrown for a body above {@link MAX_BODY_BYTES}. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** Reads a whole body and undoes gzip. Throws {@link BodyTooLargeError}, or an error of zlib for broken gzip. */
export async function readBody(stream: Readable, encoding: string | undefined): Promise<Buffer> {
  const body = await collect(stream);
  if (encoding?.trim().toLowerCase() !== "gzip") return body;
  try {
    return await inflate(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw new BodyTooLargeError();
    throw error;
  }
}

function collect(stream: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    // What is too large is read to its end all the same, so that the client hears the answer rather than a reset.
    stream.on("end", () => {
      if (length > MAX_BODY_BYTES) reject(new BodyTooLargeError());
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length));
    });
    stream.on("error", reject);
    stream.on("aborted", () => reject(new Error("the client went away before its request was complete")));
  });
}
