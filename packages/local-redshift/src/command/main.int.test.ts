import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testCommand } from "@millrace/local-wire/testing/test-command";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spawnAndFillView } from "../../testing/fill-view.ts";
import { commandScript, spawnCommand } from "../../testing/spawn-command.ts";

let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "local-redshift-"));
});
afterEach(() => rm(temporary, { recursive: true, force: true }));

describe("the command local-redshift", () => {
  it("prints its URL into a pipe, fills a view from a Kinesis, and leaves nothing behind", async () => {
    const command = await spawnAndFillView((args) => spawnCommand(args, { temporaryDirectory: temporary }));
    const url = await command.url;
    command.kill("SIGTERM");
    expect(await command.ended).toEqual({ status: 0, stdout: `${url}\n`, stderr: "" });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await readdir(temporary)).toEqual([]);
  });

  it("says in one line with status 1 that its port or its directory is in use", async () => {
    const directory = join(temporary, "data");
    const first = spawnCommand(["--port", "0", "--directory", directory]);
    const { port } = new URL(await first.url);
    expect(await spawnCommand(["--port", port]).ended).toEqual({
      status: 1,
      stdout: "",
      stderr: `local-redshift: port ${port} is in use on 127.0.0.1; stop what uses it, or choose another port (0 for any)\n`,
    });
    expect(await spawnCommand(["--port", "0", "--directory", directory]).ended).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^local-redshift: [^\n]*is another process using it\?\n$/),
    });
    first.kill("SIGTERM");
    await first.ended;
  });

  testCommand(commandScript, "--kinesis-endpoint URL");
});
