import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { column, rowsOf } from "../../testing/fake-database.ts";
import { defaultLimits } from "./limits.ts";
import { openResultStore, type StoredResult } from "./result-store.ts";

let directory: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), "results-")), "results");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const columns = [column("v", "varchar")];
const rowsWith = (texts: readonly string[]) =>
  rowsOf(
    columns,
    texts.map((text) => [text]),
  );

async function readAll(result: StoredResult): Promise<unknown[]> {
  const records: unknown[] = [];
  for (let page = 0; page < result.pageCount; page++) {
    records.push(...(JSON.parse(await result.readPage(page)) as unknown[]));
  }
  return records;
}

describe("a result store", () => {
  it("gives back what it was given, from memory and from files, in any page size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom(0, 100, 1_000_000),
        async (texts, jsonPageBytes, maxMemoryBytes) => {
          const limits = { ...defaultLimits, jsonPageBytes, maxMemoryBytes };
          const store = await openResultStore({ directory, limits });
          const result = await store.store(rowsWith(texts), "JSON");
          expect(await readAll(result)).toEqual(texts.map((stringValue) => [{ stringValue }]));
          expect(result.rowCount).toBe(texts.length);
          await store.close();
        },
      ),
      { numRuns: 50 },
    );
  });

  it("has room in memory again when a result is discarded", async () => {
    const limits = { ...defaultLimits, maxMemoryBytes: 1000 };
    const store = await openResultStore({ directory, limits });
    const texts = ["x".repeat(700)];
    const first = await store.store(rowsWith(texts), "JSON");
    expect(existsSync(directory)).toBe(false);
    const second = await store.store(rowsWith(texts), "JSON");
    expect(await readdir(directory)).toHaveLength(1);
    await second.discard();
    expect(await readdir(directory)).toEqual([]);
    await first.discard();
    await store.store(rowsWith(texts), "JSON");
    expect(await readdir(directory)).toEqual([]);
    await store.close();
  });

  it("refuses a result over the limit and keeps nothing of it", async () => {
    const limits = { ...defaultLimits, maxResultBytes: 100, jsonPageBytes: 10, maxMemoryBytes: 0 };
    const store = await openResultStore({ directory, limits });
    await expect(store.store(rowsWith(Array.from({ length: 60 }, () => "xx")), "JSON")).rejects.toThrow(
      "Database response exceeded size limit",
    );
    expect(await readdir(directory)).toEqual([]);
    await store.close();
  });
});
