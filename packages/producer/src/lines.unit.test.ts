import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { maxLineBytes, readLines, type Line } from "./lines.ts";

const lineTexts = fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", "")));
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });

describe("readLines", () => {
  it("gives the same lines however the bytes are cut, plain or gzip", async () => {
    await fc.assert(
      fc.asyncProperty(lineTexts, cuts, fc.boolean(), fc.boolean(), async (texts, sizes, isPacked, endsInNewline) => {
        fc.pre(!texts[0]?.startsWith("\ufeff") && !texts[0]?.startsWith("\u001f"));
        const bytes = Buffer.from(texts.join("\n") + (endsInNewline ? "\n" : ""));
        const found = await collect(chunksOf(isPacked ? gzipSync(bytes) : bytes, sizes));
        expect(found).toEqual(
          texts.map((text, index) => ({ number: index + 1, text })).filter(({ text }) => text.trim() !== ""),
        );
      }),
    );
  });

  it("reads gzip files that were put one after the other", async () => {
    expect(await collect([Buffer.concat([gzipSync("1\n"), gzipSync("2\n")])])).toEqual([
      { number: 1, text: "1" },
      { number: 2, text: "2" },
    ]);
  });

  it("takes strings for lines and numbers blank ones", async () => {
    expect(await collect(["1", "", " ", "2"])).toEqual([
      { number: 1, text: "1" },
      { number: 4, text: "2" },
    ]);
  });

  it("ignores a byte order mark", async () => {
    expect(await collect([Buffer.from("\ufeff1\r\n2\r\n")])).toEqual([
      { number: 1, text: "1\r" },
      { number: 2, text: "2\r" },
    ]);
  });

  it("names the lines that are not UTF-8 and keeps the others", async () => {
    const bytes = Buffer.concat([Buffer.from("1\n"), Buffer.from([0x22, 0xff, 0x22, 0x0a]), Buffer.from("\n4\n5")]);
    expect(await collect([bytes])).toEqual([
      { number: 1, text: "1" },
      { number: 2, fault: "expected UTF-8, got other bytes" },
      { number: 4, text: "4" },
      { number: 5, text: "5" },
    ]);
  });

  it("leaves out a line that is too long and keeps counting", async () => {
    const part = Buffer.alloc(maxLineBytes / 2 + 1, "x");
    const found = await collect([Buffer.from("1\n"), part, part, part, Buffer.from("\n3\n"), part, Buffer.from("\n")]);
    expect(found.map((line) => [line.number, "fault" in line ? line.fault : line.text.length])).toEqual([
      [1, 1],
      [2, `expected a line of at most ${maxLineBytes} bytes, got a longer one`],
      [3, 1],
      [4, part.length],
    ]);
  });

  it("gives nothing for an empty input", async () => {
    expect(await collect([])).toEqual([]);
    expect(await collect([Buffer.alloc(0)])).toEqual([]);
    expect(await collect([Buffer.from("\n\n")])).toEqual([]);
  });

  it("throws for gzip that is cut off, after the lines before", async () => {
    const packed = gzipSync(`${"1\n".repeat(100_000)}`);
    await expect(collect([packed.subarray(0, packed.length - 9)])).rejects.toThrow(/unexpected end of file/);
  });

  it("throws what the input throws", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("1\n");
      throw new Error("disk on fire");
    }
    await expect(collect(broken())).rejects.toThrow("disk on fire");
    async function* brokenPacked(): AsyncGenerator<Uint8Array> {
      yield gzipSync("1\n").subarray(0, 12);
      throw new Error("disk on fire");
    }
    await expect(collect(brokenPacked())).rejects.toThrow("disk on fire");
  });
});

async function collect(input: Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(toAsync(input) as AsyncIterable<Uint8Array>, () => {})) lines.push(...batch);
  return lines;
}

async function* toAsync(
  input: Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  yield* input;
}

function* chunksOf(bytes: Buffer, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
