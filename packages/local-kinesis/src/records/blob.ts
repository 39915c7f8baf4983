/** Base64 where it stands in the bytes of a request: no text is made of it before it is decoded. */
export class Base64Bytes {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  toString(): string {
    return this.bytes.toString("utf8", this.start, this.end);
  }
}

/** A blob as a request brings it: base64, or bytes. */
export type BlobInput = string | Base64Bytes | Uint8Array;

/** Thrown for base64 that decodes to another length than it should. */
export class BrokenBase64Error extends Error {
  override readonly name = "BrokenBase64Error";
}

const PADDING = "=".charCodeAt(0);

/** Bytes of a blob before it is decoded. */
export function blobLength(blob: BlobInput): number {
  if (typeof blob === "string") return decodedLength(blob.length, blob.endsWith("==") ? 2 : blob.endsWith("=") ? 1 : 0);
  if (blob instanceof Uint8Array) return blob.length;
  const { bytes, start, end } = blob;
  return decodedLength(end - start, bytes[end - 1] !== PADDING ? 0 : bytes[end - 2] !== PADDING ? 1 : 2);
}

function decodedLength(characters: number, padding: number): number {
  return Math.floor(characters / 4) * 3 - padding;
}

/** Writes the decoded bytes of a blob and answers how many. Throws {@link BrokenBase64Error}. */
export function writeBlob(target: Buffer, blob: BlobInput, start: number): number {
  if (blob instanceof Uint8Array) {
    target.set(blob, start);
    return blob.length;
  }
  const text = typeof blob === "string" ? blob : blob.bytes.toString("latin1", blob.start, blob.end);
  const length = text.length === 0 ? 0 : target.write(text, start, "base64");
  if (text.length % 4 !== 0 || length !== blobLength(blob)) throw new BrokenBase64Error();
  return length;
}
