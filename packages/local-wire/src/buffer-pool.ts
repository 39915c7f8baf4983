/** Buffers of one size that are used again, because large new ones make the garbage collector run often, and through everything. */
export interface BufferPool {
  /** Bytes of each buffer. */
  readonly bufferBytes: number;
  /** A buffer with anything in it. */
  take(): Buffer;
  /** Takes a buffer of this pool back. Nothing may read or write it any more. */
  give(buffer: Buffer): void;
}

/** A pool that keeps at most `most` buffers which nobody uses. */
export function createBufferPool({
  bufferBytes,
  most,
}: {
  readonly bufferBytes: number;
  readonly most: number;
}): BufferPool {
  const idle: Buffer[] = [];
  return {
    bufferBytes,
    take: () => idle.pop() ?? Buffer.allocUnsafeSlow(bufferBytes),
    give(buffer) {
      if (idle.length < most) idle.push(buffer);
    },
  };
}
