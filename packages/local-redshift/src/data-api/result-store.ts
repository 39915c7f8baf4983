import { randomUUID } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Column, StatementResult } from "../database/database.ts";
import type { DataApiLimits } from "./limits.ts";
import { headerBytes, type ResultFormat, writePages } from "./result-pages.ts";

/** A result that is kept until it is discarded. */
export interface StoredResult {
  readonly columns: readonly Column[];
  readonly format: ResultFormat;
  readonly rowCount: number;
  /** What DescribeStatement calls ResultSize, in bytes. */
  readonly sizeBytes: number;
  readonly pageCount: number;
  /** The JSON text of a page's `Records`; pages count from 0. */
  readPage(index: number): Promise<string>;
  /** Frees the memory or the file. */
  discard(): Promise<void>;
}

/** Keeps results: in memory while there is room, in files otherwise. */
export interface ResultStore {
  /** Keeps a result. Throws `ResultTooLargeError` when it is over the Data API's limits. */
  store(result: StatementResult, format: ResultFormat): Promise<StoredResult>;
  /** Bytes of results in memory. */
  readonly heldBytes: number;
  /** Removes the files. */
  close(): Promise<void>;
}

/** Opens a store whose files lie in `directory`, where files of an earlier process are removed; without one all stays in memory. */
export async function openResultStore(options: {
  readonly directory: string | undefined;
  readonly limits: DataApiLimits;
}): Promise<ResultStore> {
  const { directory, limits } = options;
  let memoryBytes = 0;
  const removeFiles = async () => {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  };
  await removeFiles();

  return {
    get heldBytes() {
      return memoryBytes;
    },
    async store(result, format) {
      const pages: string[] = [];
      let file: PageFile | undefined;
      let sizeBytes = headerBytes(result);
      let heldBytes = 0;
      try {
        for (const page of writePages(result, format, limits)) {
          sizeBytes += page.resultBytes;
          if (file) {
            await file.append(page.records);
          } else {
            pages.push(page.records);
            heldBytes += page.records.length;
            memoryBytes += page.records.length;
          }
          if (
            directory !== undefined &&
            !file &&
            (memoryBytes > limits.maxMemoryBytes || heldBytes > limits.maxHeldResultBytes)
          ) {
            file = await createPageFile(directory);
            for (const kept of pages.splice(0)) await file.append(kept);
            memoryBytes -= heldBytes;
            heldBytes = 0;
          }
          // A long result is written a page at a time, so that other requests are answered between.
          if (pages.length > 1 || file) await setImmediate();
        }
      } catch (error) {
        memoryBytes -= heldBytes;
        await file?.remove();
        throw error;
      }
      const pageCount = file ? file.pageCount() : pages.length;
      return {
        columns: result.columns ?? [],
        format,
        rowCount: result.rows.length,
        sizeBytes,
        pageCount,
        readPage: async (index) => (file ? file.read(index) : (pages[index] ?? "[]")),
        async discard() {
          memoryBytes -= heldBytes;
          heldBytes = 0;
          pages.length = 0;
          await file?.remove();
        },
      };
    },
    close: removeFiles,
  };
}

interface PageFile {
  append(page: string): Promise<void>;
  read(index: number): Promise<string>;
  pageCount(): number;
  remove(): Promise<void>;
}

async function createPageFile(directory: string): Promise<PageFile> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, `${randomUUID()}.json`);
  const ends: number[] = [];
  return {
    async append(page) {
      const bytes = Buffer.from(page);
      const handle = await open(path, "a", 0o600);
      try {
        await handle.appendFile(bytes);
      } finally {
        await handle.close();
      }
      ends.push((ends.at(-1) ?? 0) + bytes.length);
    },
    async read(index) {
      const start = ends[index - 1] ?? 0;
      const length = (ends[index] ?? start) - start;
      const handle = await open(path, "r");
      try {
        const { buffer } = await handle.read(Buffer.alloc(length), 0, length, start);
        return buffer.toString();
      } finally {
        await handle.close();
      }
    },
    pageCount: () => ends.length,
    remove: () => rm(path, { force: true }),
  };
}
