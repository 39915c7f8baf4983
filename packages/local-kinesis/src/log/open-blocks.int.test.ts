import { cp, truncate } from "node:fs/promises";
import { join } from "node:path";
import { open } from "lmdb";
import { expect, it, onTestFinished } from "vitest";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { encodeChunks } from "./block.ts";
import { readLog } from "./log-reader.ts";
import { createLogWriter } from "./log-writer.ts";
import { openBlocks } from "./open-blocks.ts";
import { openShardLog } from "./shard-log.ts";

async function start(path: string) {
  const root = open({ path, noSubdir: false });
  const index = root.openDB<Buffer, Buffer>({ name: "blocks", encoding: "binary", keyEncoding: "binary" });
  const lines: string[] = [];
  const blocks = await openBlocks({ index, directory: join(path, "records"), log: (line) => lines.push(line) });
  const writer = createLogWriter({
    blocks,
    now: () => 1000,
    onCommit: () => {},
  });
  const shards = [openShardLog(blocks, 1, 0), openShardLog(blocks, 1, 1)];
  return {
    lines,
    async put(shardIndex: number, text: string) {
      const [chunk] = encodeChunks([{ partitionKey: "k", data: Buffer.from(text) }]);
      await writer.append([{ shard: shards[shardIndex] as never, chunk: chunk as never }]);
    },
    texts: () =>
      shards.map((shard) =>
        readLog(blocks, shard, { from: 1, notBefore: 0, maxRecords: 100, maxBytes: 1e6 }).records.map(({ data }) =>
          data.toString(),
        ),
      ),
    async close() {
      await writer.settled();
      await blocks.close();
      await root.close();
    },
    settled: () => writer.settled(),
  };
}

it("drops the records whose bytes a power cut took, and goes on behind the last that is whole", async () => {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory.remove());
  const [before, after] = [join(directory.path, "before"), join(directory.path, "after")];
  const first = await start(before);
  await first.put(0, "kept");
  await first.put(1, "kept too");
  await first.put(0, "lost");
  await first.put(0, "lost with it");
  await first.settled();
  // The index reached the disk, the end of the file did not.
  await cp(before, after, { recursive: true });
  await first.close();
  const wholeBytes = 2 * (6 + 1) + "kept".length + "kept too".length;
  await truncate(join(after, "records", "0000000001-0000000000.log"), wholeBytes + 5);

  const second = await start(after);
  expect(second.lines).toEqual(["2 records were lost when the machine stopped: their bytes had not reached the disk"]);
  expect(second.texts()).toEqual([["kept"], ["kept too"]]);
  await second.put(0, "new");
  expect(second.texts()).toEqual([["kept", "new"], ["kept too"]]);
  await second.close();

  const third = await start(after);
  expect(third.lines).toEqual([]);
  expect(third.texts()).toEqual([["kept", "new"], ["kept too"]]);
  await third.close();
});
