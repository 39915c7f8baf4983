import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { createBufferPool } from "./buffer-pool.ts";
import { WireError } from "./wire-error.ts";

/**
 * Most bytes of one request body, also after gzip is undone. Kinesis takes 10 MiB of records in one request; in
 * base64 and with the JSON around 500 of them that is below 15 MiB.
 */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const inflate = promisify(gunzip);

/** For bodies of more than one piece; larger ones than this are rare. */
const pool = createBufferPool({ bufferBytes: 1024 * 1024, most: 16 });

/** The body of a request. */
export interface Body {
  readonly bytes: Buffer;
  /** Lets the memory be used for others. To be called once, if at all, and when nothing refers to the bytes any more. */
  release(): void;
}

/**
 * Reads a whole body and undoes gzip. Throws `RequestEntityTooLargeException`, status 413, for one above 16 MiB,
 * `SerializationException` for broken gzip, and an `Error` if the client goes away before its body is complete.
 */
export async function readBody(stream: Readable, encoding: string | undefined): Promise<Body> {
  const body = await collect(stream);
  if (encoding?.trim().toLowerCase() !== "gzip") return body;
  try {
    return unpooled(await inflate(body.bytes, { maxOutputLength: MAX_BODY_BYTES }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw bodyTooLarge();
    throw new WireError("SerializationException", "the body is not gzip");
  }
}

function collect(stream: Readable): Promise<Body> {
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
      if (length > MAX_BODY_BYTES) reject(bodyTooLarge());
      else resolve(join(chunks, length));
    });
    stream.on("error", reject);
    // An error is dear to make, and almost every stream that closes has ended.
    stream.on("close", () => {
      if (!stream.readableEnded) reject(new Error("the client went away before its request was complete"));
    });
  });
}

function join(chunks: readonly Buffer[], length: number): Body {
  if (chunks.length === 1 && chunks[0]) return unpooled(chunks[0]);
  if (chunks.length === 0 || length > pool.bufferBytes) return unpooled(Buffer.concat(chunks, length));
  const buffer = pool.take();
  let end = 0;
  for (const chunk of chunks) end += chunk.copy(buffer, end);
  return { bytes: buffer.subarray(0, end), release: () => pool.give(buffer) };
}

function unpooled(bytes: Buffer): Body {
  return { bytes, release: () => {} };
}

/** Not confirmed on AWS: kinesalite answers 413 without a body; a type and a text let a client say what happened. */
function bodyTooLarge(): WireError {
  return new WireError("RequestEntityTooLargeException", `the request is larger than ${MAX_BODY_BYTES} bytes`, {
    status: 413,
  });
}
