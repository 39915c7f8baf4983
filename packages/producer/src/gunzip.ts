import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** The first two bytes of a gzip file. Source: RFC 1952. */
const magic = [0x1f, 0x8b] as const;

/** Gives bytes as they come, unpacked where they start as gzip does. Throws zlib's error for gzip that is broken or cut off. */
export async function* gunzipIfCompressed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < magic.length) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = startWith(head, iterator);
  if (head[0] !== magic[0] || head[1] !== magic[1]) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip();
  const piped = pipeline(Readable.from(whole), gunzip);
  // The error also ends the iteration below, which is where it is reported.
  piped.catch(() => {});
  yield* gunzip as AsyncIterable<Uint8Array>;
  await piped;
}

async function* startWith(head: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
