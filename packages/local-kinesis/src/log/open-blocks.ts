import { stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Database } from "lmdb";
import { committed } from "../durability/committed.ts";
import { readEntry } from "./block.ts";
import type { BlockExtent } from "./block.ts";
import { openSegmentFiles } from "./segment-files.ts";
import type { SegmentFiles } from "./segment-files.ts";
import type { Blocks } from "./shard-log.ts";

/** Says that the files were synced and closed; absent while they are open and after a kill or a power cut. */
const CLOSED_MARK = "closed-cleanly";

/** The blocks of a directory, and how to close them. */
export interface OpenBlocks extends Blocks {
  close(): Promise<void>;
}

/**
 * Opens the segment files beside an index. After a stop that was not clean the newest file of each stream is read through: a power cut
 * can keep an entry of the index and lose the bytes it stands for, and such blocks, with what came after them in their shard, are
 * dropped and told of.
 */
export async function openBlocks(options: {
  readonly index: Database<Buffer, Buffer>;
  readonly directory: string;
  readonly log: (line: string) => void;
}): Promise<OpenBlocks> {
  const { index, directory, log } = options;
  const files = await openSegmentFiles(directory);
  const mark = join(directory, CLOSED_MARK);
  const wasClosed = await stat(mark).then(
    () => true,
    () => false,
  );
  if (wasClosed) await unlink(mark);
  else {
    const lost = await dropLostBlocks({ index, files });
    if (lost > 0) log(`${lost} records were lost when the machine stopped: their bytes had not reached the disk`);
  }
  return {
    index,
    files,
    async close() {
      await files.close();
      await writeFile(mark, "");
    },
  };
}

async function dropLostBlocks({ index, files }: Blocks): Promise<number> {
  const keys: Buffer[] = [];
  let records = 0;
  let brokenShard: Buffer | undefined;
  for (const { key, value } of index.getRange()) {
    const shard = key.subarray(0, 8);
    const { count, place } = readEntry(value);
    if (
      brokenShard?.equals(shard) ||
      (place && !Buffer.isBuffer(place) && !isWhole(files, key.readUInt32BE(0), place))
    ) {
      brokenShard = Buffer.from(shard);
      records += count;
      keys.push(Buffer.from(key));
    }
  }
  const removing = index.batch(() => {
    for (const key of keys) void index.remove(key);
  });
  await committed(removing);
  return records;
}

/** Whether the bytes are what was written. Those before the newest file need no look: a file is synced before the next begins. */
function isWhole(files: SegmentFiles, streamId: number, place: BlockExtent): boolean {
  if (place.segment < files.newest(streamId)) return true;
  try {
    return crc32(files.read(streamId, place)) === place.crc;
  } catch {
    return false;
  }
}
