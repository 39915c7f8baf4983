import { readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { openSegmentFiles } from "./segment-files.ts";
import type { Extent } from "./segment-files.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});

afterEach(() => directory.remove());

describe("segment files", () => {
  it("give back what was appended, each stream from its own files, also after they were closed", async () => {
    const files = await openSegmentFiles(directory.path, 10);
    const first = await files.append(1, [Buffer.from("abc"), Buffer.from("def")]);
    const other = await files.append(2, [Buffer.from("other")]);
    const second = await files.append(1, [Buffer.from("ghij")]);
    expect([first, second]).toEqual([
      { segment: 0, offset: 0, length: 6 },
      { segment: 0, offset: 6, length: 4 },
    ]);
    const third = await files.append(1, [Buffer.from("next file")]);
    expect(third).toEqual({ segment: 1, offset: 0, length: 9 });
    const read = (by: typeof files) => [
      ...[first, second, third].map((extent) => by.read(1, extent).toString()),
      by.read(2, other).toString(),
    ];
    expect(read(files)).toEqual(["abcdef", "ghij", "next file", "other"]);
    await files.close();

    const again = await openSegmentFiles(directory.path, 10);
    expect(read(again)).toEqual(["abcdef", "ghij", "next file", "other"]);
    expect(await again.append(1, [Buffer.from("!")])).toEqual({ segment: 1, offset: 9, length: 1 });
    expect(await again.append(1, [Buffer.from("?")])).toEqual({ segment: 2, offset: 0, length: 1 });
    await again.close();
  });

  it("leave the disk by whole files, the newest never", async () => {
    const files = await openSegmentFiles(directory.path, 1);
    const extents: Extent[] = [];
    for (const text of ["a", "b", "c"]) extents.push(await files.append(7, [Buffer.from(text)]));
    expect(extents.map((extent) => files.read(7, extent).toString())).toEqual(["a", "b", "c"]);
    expect(await files.removeBefore(7, 1)).toBe(1);
    expect(() => files.read(7, extents[0] as Extent)).toThrow("ENOENT");
    expect(files.read(7, extents[1] as Extent).toString()).toBe("b");
    expect(await files.removeBefore(7, Infinity)).toBe(1);
    expect(files.newest(7)).toBe(2);
    await files.removeAll(7);
    expect(await readdir(directory.path)).toEqual([]);
    await files.close();
  });

  it("say which file ends too early", async () => {
    const files = await openSegmentFiles(directory.path);
    const extent = await files.append(3, [Buffer.from("abc")]);
    await truncate(join(directory.path, "0000000003-0000000000.log"), 1);
    expect(() => files.read(3, extent)).toThrow("0000000003-0000000000.log ends 2 bytes before the end of a record");
    await files.close();
  });
});
