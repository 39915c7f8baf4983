import { cp, open, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateStreamCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDirectClient } from "../../testing/direct-client.ts";
import { readAll } from "../../testing/read-all.ts";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { openKinesis } from "../index.ts";
import type { Kinesis } from "../index.ts";
import { readMeta } from "./meta-page.ts";

const OPTIONS = { stateDelayMs: 0, limits: false };
const PUTS = 300;
let temporary: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let directory: string;
let dataFile: string;

beforeEach(async () => {
  temporary = await makeTemporaryDirectory();
  directory = join(temporary.path, "streams");
  dataFile = join(directory, "data.mdb");
});
afterEach(() => temporary.remove());

/** A directory of some dozen pages. */
async function fill(): Promise<void> {
  const kinesis = await openKinesis({ directory, ...OPTIONS });
  const client = createDirectClient(kinesis.service);
  await client.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 2 }));
  for (let number = 0; number < PUTS; number += 1) {
    await client.send(new PutRecordCommand({ StreamName: "s", PartitionKey: `${number}`, Data: Buffer.from("x") }));
  }
  await kinesis.close();
}

async function expectRefusal(path: string): Promise<void> {
  await expect(openKinesis({ directory: path, ...OPTIONS })).rejects.toThrow(
    `${join(path, "data.mdb")} is not a readable stream log; move it away, or remove ${path} to start without streams and records`,
  );
}

describe("a data file", () => {
  it("is refused if it holds something else", async () => {
    const kinesis = await openKinesis({ directory, ...OPTIONS });
    await kinesis.close();
    for (const contents of ["something else".repeat(1_000), "short", Buffer.alloc(20_000)]) {
      await writeFile(dataFile, contents);
      await expectRefusal(directory);
    }
  });

  it("is refused if it is cut off, and left as it was, unless nothing is missing", { timeout: 60_000 }, async () => {
    await fill();
    const { size } = await stat(dataFile);
    let refused = 0;
    for (const part of [0.01, 0.2, 0.5, 0.8, 0.97]) {
      const path = join(temporary.path, `cut-${part}`);
      await cp(directory, path, { recursive: true });
      const file = join(path, "data.mdb");
      await truncate(file, Math.floor(size * part));
      const before = await readFile(file);
      const kinesis = await openKinesis({ directory: path, ...OPTIONS }).catch((error: unknown) => error);
      if (kinesis instanceof Error) {
        refused += 1;
        await expectRefusal(path);
        expect(before.equals(await readFile(file))).toBe(true);
      } else {
        // Only pages out of use lay behind the cut.
        const whole = kinesis as Kinesis;
        expect(await readAll(whole.reader, "s")).toHaveLength(PUTS);
        await whole.close();
      }
    }
    expect(refused).toBeGreaterThanOrEqual(1);
  });

  it("is taken if only pages out of use are missing at its end", async () => {
    await fill();
    const file = await open(dataFile, "r+");
    const meta = readMeta(file.fd);
    if (!meta) throw new Error("there is no meta page");
    // As if the newest transaction had taken five pages more and given them back before its end.
    const lastPage = Buffer.alloc(8);
    lastPage.writeBigUInt64LE(BigInt(meta.lastPage + 5));
    await file.write(lastPage, 0, 8, (meta.transaction % 2) * meta.pageSize + 24 + 120);
    await file.close();
    const kinesis = await openKinesis({ directory, ...OPTIONS });
    expect(await readAll(kinesis.reader, "s")).toHaveLength(PUTS);
    await kinesis.close();
  });
});
