import { isUtf8 } from "node:buffer";
import { gunzipIfCompressed } from "./gunzip.ts";

/** Longest line in bytes: above the largest event even when each of its characters is escaped. */
export const maxLineBytes = 8 * 2 ** 20;

const newline = 10;

/** A line of the input without its line break, or what is wrong with it. */
export type Line =
  { readonly number: number; readonly text: string } | { readonly number: number; readonly fault: string };

/**
 * Splits an input into lines, a batch at a time: strings are lines already, bytes are UTF-8 text, plain or gzip. Lines are numbered from 1; blank
 * ones count and are left out, and so is a byte order mark. A line that is too long or is not UTF-8 is given with its fault and without its text.
 * Throws what the input throws.
 */
export async function* readLines(
  input: AsyncIterable<string> | AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<readonly Line[]> {
  const iterator = (input as AsyncIterable<string | Uint8Array>)[Symbol.asyncIterator]();
  const first = await iterator.next();
  const rest = prepend(first, iterator);
  if (!first.done && typeof first.value === "string") yield* numberLines(rest as AsyncIterable<string>, onBytes);
  else yield* splitBytes(gunzipIfCompressed(countBytes(rest as AsyncIterable<Uint8Array>, onBytes)));
}

async function* numberLines(
  lines: AsyncIterable<string>,
  onBytes: (count: number) => void,
): AsyncGenerator<readonly Line[]> {
  let number = 0;
  for await (const text of lines) {
    number++;
    onBytes(Buffer.byteLength(text) + 1);
    if (text.trim() !== "") yield [{ number, text }];
  }
}

async function* splitBytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  let number = 1;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let isSkipping = false;
  for await (const bytes of chunks) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = chunk.lastIndexOf(newline);
    let start = 0;
    const batch: Line[] = [];
    if (end >= 0) {
      if (isSkipping) {
        start = chunk.indexOf(newline) + 1;
        isSkipping = false;
        number++;
      }
      if (start <= end) {
        const whole =
          held.length > 0 ? Buffer.concat([...held, chunk.subarray(start, end)]) : chunk.subarray(start, end);
        number = cutLines(whole, number, batch);
      }
      held = [];
      heldBytes = 0;
      start = end + 1;
    }
    if (!isSkipping && start < chunk.length) {
      held.push(chunk.subarray(start));
      heldBytes += chunk.length - start;
    }
    if (heldBytes > maxLineBytes) {
      batch.push(tooLong(number));
      isSkipping = true;
      held = [];
      heldBytes = 0;
    }
    if (batch.length > 0) yield batch;
  }
  const batch: Line[] = [];
  if (heldBytes > 0) cutLines(Buffer.concat(held), number, batch);
  if (batch.length > 0) yield batch;
}

/** Adds the lines of `bytes` to `batch` and answers the number of the line after them. */
function cutLines(bytes: Buffer, firstNumber: number, batch: Line[]): number {
  let number = firstNumber;
  if (isUtf8(bytes)) {
    for (const text of bytes.toString("utf8").split("\n")) {
      const line = number === 1 && text.startsWith("\ufeff") ? text.slice(1) : text;
      if (line.length > maxLineBytes) batch.push(tooLong(number));
      else if (line.trim() !== "") batch.push({ number, text: line });
      number++;
    }
    return number;
  }
  for (let start = 0; start <= bytes.length; number++) {
    const end = bytes.indexOf(newline, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (isUtf8(line)) cutLines(line, number, batch);
    else batch.push({ number, fault: "expected UTF-8, got other bytes" });
    start = end < 0 ? bytes.length + 1 : end + 1;
  }
  return number;
}

function tooLong(number: number): Line {
  return { number, fault: `expected a line of at most ${maxLineBytes} bytes, got a longer one` };
}

async function* prepend<Item>(first: IteratorResult<Item>, iterator: AsyncIterator<Item>): AsyncGenerator<Item> {
  try {
    for (let next = first; !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

async function* countBytes(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes(chunk.byteLength);
    yield chunk;
  }
}
