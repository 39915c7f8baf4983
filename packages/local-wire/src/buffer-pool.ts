/** Memory in pieces of one size that is used again, because large new buffers make the garbage collector run often, and through everything. */
export interface BufferPool {
  /** Bytes of each piece. */
  readonly bufferBytes: number;
  /** A piece with anything in it. */
  take(): Buffer;
  /** Takes a piece back, or a part of one in its stead; nothing may read or write it any more. Memory of another size is let go. */
  give(bytes: Uint8Array): void;
}

/** A pool that keeps at most `most` pieces which nobody uses. */
export function createBufferPool(options: { readonly bufferBytes: number; readonly most: number }): BufferPool {
  const { bufferBytes, most } = options;
  const idle: Buffer[] = [];
  return {
    bufferBytes,
    take: () => idle.pop() ?? Buffer.allocUnsafeSlow(bufferBytes),
    give({ buffer }) {
      if (buffer.byteLength === bufferBytes && idle.length < most) idle.push(Buffer.from(buffer));
    },
  };
}
