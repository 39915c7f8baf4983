import { closeSync, openSync, readSync } from "node:fs";
import { mkdir, open, readdir, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { syncDirectory } from "../durability/sync-directory.ts";

/**
 * The bytes of records: files that only grow, a row of them for each stream. They are read with `pread` and not mapped, so that the
 * memory of the process does not grow with the stream, as it does with what LMDB maps.
 */
export interface SegmentFiles {
  /**
   * Writes buffers behind one another to the end of a stream's newest file. Rejects if the disk did not take all of it; the next call
   * then writes to the same place. One call at a time for a stream.
   */
  append(streamId: number, buffers: readonly Uint8Array[]): Promise<Extent>;
  /** Reads what `append` wrote, into `target` if that is given and large enough. Throws if the file is gone or ends before. */
  read(streamId: number, extent: Extent, target?: Buffer): Buffer;
  /** Resolves once everything written so far is on disk. */
  sync(): Promise<void>;
  /** The newest file of a stream, -1 if it has none. What files before it hold is on disk. */
  newest(streamId: number): number;
  /** Removes a stream's files before one; the newest always stays. Resolves to how many. */
  removeBefore(streamId: number, segment: number): Promise<number>;
  /** Removes all files of a stream. */
  removeAll(streamId: number): Promise<void>;
  /** Syncs, then closes. */
  close(): Promise<void>;
}

/** Where bytes lie. */
export interface Extent {
  /** Number of the file, from 0. */
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
}

interface Tail {
  segment: number;
  size: number;
  /** Opened when it is first written to. */
  handle?: FileHandle;
}

/** Where a file ends and the next begins: small enough that trimming gives room back soon. */
export const SEGMENT_BYTES = 32 * 1024 * 1024;
/** Files held open for reading. */
const MAX_OPEN_READS = 64;
const NAME = /^(\d{10})-(\d{10})\.log$/;

/** Opens the files of a directory, which is made if missing. */
export async function openSegmentFiles(directory: string, segmentBytes = SEGMENT_BYTES): Promise<SegmentFiles> {
  await mkdir(directory, { recursive: true });
  const pathOf = (streamId: number, segment: number): string => join(directory, nameOf(streamId, segment));
  /** The numbers of each stream's files, in order. */
  const segments = new Map<number, number[]>();
  for (const name of (await readdir(directory)).sort()) {
    const [, stream, segment] = NAME.exec(name) ?? [];
    if (stream !== undefined) segmentsOf(segments, Number(stream)).push(Number(segment));
  }
  const tails = new Map<number, Tail>();
  const dirty = new Set<FileHandle>();
  const reads = new Map<string, number>();

  const openTail = async (streamId: number): Promise<Tail & { handle: FileHandle }> => {
    const numbers = segmentsOf(segments, streamId);
    const known = tails.get(streamId);
    if (known?.handle && known.size < segmentBytes) return known as Tail & { handle: FileHandle };
    if (known?.handle) {
      await known.handle.datasync();
      dirty.delete(known.handle);
      await known.handle.close();
    }
    const last = numbers.at(-1);
    const isFirstUse = known === undefined && last !== undefined;
    const segment = isFirstUse ? last : (last ?? -1) + 1;
    const handle = await open(pathOf(streamId, segment), isFirstUse ? "r+" : "w+");
    if (!isFirstUse) {
      numbers.push(segment);
      await syncDirectory(directory);
    }
    // What a killed process wrote and did not confirm stays behind the records, unread.
    const tail = { segment, size: isFirstUse ? (await handle.stat()).size : 0, handle };
    tails.set(streamId, tail);
    return tail.size < segmentBytes ? tail : openTail(streamId);
  };

  const openForRead = (streamId: number, segment: number): number => {
    const name = nameOf(streamId, segment);
    const known = reads.get(name);
    if (known !== undefined) return known;
    for (const [oldest, fd] of reads) {
      if (reads.size < MAX_OPEN_READS) break;
      reads.delete(oldest);
      closeSync(fd);
    }
    const fd = openSync(join(directory, name), "r");
    reads.set(name, fd);
    return fd;
  };

  const remove = async (streamId: number, segment: number): Promise<void> => {
    const name = nameOf(streamId, segment);
    const fd = reads.get(name);
    reads.delete(name);
    if (fd !== undefined) closeSync(fd);
    await unlink(join(directory, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  };

  const sync = async (): Promise<void> => {
    const handles = [...dirty];
    dirty.clear();
    await Promise.all(
      handles.map((handle) =>
        handle.datasync().catch((error: unknown) => {
          dirty.add(handle);
          throw error;
        }),
      ),
    );
  };

  return {
    async append(streamId, buffers) {
      const tail = await openTail(streamId);
      const offset = tail.size;
      const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
      const { bytesWritten } = await tail.handle.writev(buffers, offset);
      if (bytesWritten !== length) {
        throw new Error(`the disk took ${bytesWritten} of ${length} bytes for ${pathOf(streamId, tail.segment)}`);
      }
      tail.size += length;
      dirty.add(tail.handle);
      return { segment: tail.segment, offset, length };
    },
    read(streamId, { segment, offset, length }, target) {
      const bytes = target && target.length >= length ? target.subarray(0, length) : Buffer.allocUnsafeSlow(length);
      const count = readSync(openForRead(streamId, segment), bytes, 0, length, offset);
      if (count === length) return bytes;
      throw new Error(`${pathOf(streamId, segment)} ends ${length - count} bytes before the end of a record`);
    },
    sync,
    newest: (streamId) => segments.get(streamId)?.at(-1) ?? -1,
    async removeBefore(streamId, segment) {
      const numbers = segmentsOf(segments, streamId);
      const count = numbers.slice(0, -1).filter((number) => number < segment).length;
      for (const number of numbers.splice(0, count)) await remove(streamId, number);
      return count;
    },
    async removeAll(streamId) {
      const tail = tails.get(streamId);
      tails.delete(streamId);
      if (tail?.handle) {
        dirty.delete(tail.handle);
        await tail.handle.close();
      }
      for (const number of segmentsOf(segments, streamId)) await remove(streamId, number);
      segments.delete(streamId);
    },
    async close() {
      await sync();
      for (const { handle } of tails.values()) await handle?.close();
      for (const fd of reads.values()) closeSync(fd);
      tails.clear();
      reads.clear();
    },
  };
}

function segmentsOf(segments: Map<number, number[]>, streamId: number): number[] {
  const numbers = segments.get(streamId) ?? [];
  segments.set(streamId, numbers);
  return numbers;
}

function nameOf(streamId: number, segment: number): string {
  return `${String(streamId).padStart(10, "0")}-${String(segment).padStart(10, "0")}.log`;
}
