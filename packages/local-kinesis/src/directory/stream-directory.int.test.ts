import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { openKinesis } from "../index.ts";

let temporary: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let directory: string;

beforeEach(async () => {
  temporary = await makeTemporaryDirectory();
  directory = join(temporary.path, "streams");
});
afterEach(() => temporary.remove());

describe("a directory of streams", () => {
  it("is refused while this process has it open, and free once it is closed", async () => {
    const first = await openKinesis({ directory });
    await expect(openKinesis({ directory })).rejects.toThrow(
      `The directory of streams ${directory} is in use by process ${process.pid}: end that process first`,
    );
    await first.close();
    await (await openKinesis({ directory })).close();
  });

  it("is refused while another process has it open, and free once that was killed", async () => {
    const script = new URL("../../testing/open-until-killed.ts", import.meta.url).pathname;
    const other = spawn(process.execPath, [script, directory], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void other.kill("SIGKILL"));
    await once(other.stdout, "data");
    await expect(openKinesis({ directory })).rejects.toThrow(`${directory} is in use by process ${other.pid}`);
    other.kill("SIGKILL");
    await once(other, "close");
    await (await openKinesis({ directory })).close();
  });

  it("is left as it was if it holds other files", async () => {
    await mkdir(directory);
    await writeFile(join(directory, "photo.jpg"), "");
    await expect(openKinesis({ directory })).rejects.toThrow(
      `${directory} holds other files than streams, such as photo.jpg; name an empty or a new directory`,
    );
    expect(await readdir(directory)).toEqual(["photo.jpg"]);
  });

  it("is taken if only hidden files are in it", async () => {
    await mkdir(directory);
    await writeFile(join(directory, ".gitignore"), "*");
    await (await openKinesis({ directory })).close();
  });

  it("is free again after a failure to open it", async () => {
    await mkdir(directory);
    await writeFile(join(directory, "data.mdb"), "something else");
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(openKinesis({ directory })).rejects.toThrow("data.mdb is not a readable stream log");
    }
    expect(await readdir(directory)).toEqual(["data.mdb"]);
  });

  it("cannot be a file", async () => {
    await writeFile(directory, "");
    await expect(openKinesis({ directory })).rejects.toThrow(
      `the directory of streams ${directory} cannot be made, there is a file in its place; name another directory`,
    );
  });
});
