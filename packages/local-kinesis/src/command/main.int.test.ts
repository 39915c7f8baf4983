import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CreateStreamCommand, DescribeStreamSummaryCommand } from "@aws-sdk/client-kinesis";
import { testCommand } from "@millrace/local-wire/testing/test-command";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientOf } from "../../testing/client-of.ts";
import { commandScript, spawnCommand } from "../../testing/spawn-command.ts";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";

let temporary: Awaited<ReturnType<typeof makeTemporaryDirectory>>;

beforeEach(async () => {
  temporary = await makeTemporaryDirectory();
});
afterEach(() => temporary.remove());

describe("the command local-kinesis", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "prints its URL into a pipe and no more, and leaves nothing behind after %s",
    async (signal) => {
      const command = spawnCommand(["--port", "0"], { temporaryDirectory: temporary.path });
      const url = await command.url;
      const client = clientOf(url);
      await client.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
      client.destroy();
      expect(await readdir(temporary.path)).toHaveLength(1);
      command.kill(signal);
      expect(await command.ended).toEqual({ status: 0, stdout: `${url}\n`, stderr: "" });
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(await readdir(temporary.path)).toEqual([]);
    },
  );

  it("keeps the streams of --directory, with ARNs of the region and account it was given", async () => {
    const args = ["--port", "0", "--directory", join(temporary.path, "data"), "--state-delay", "0"];
    const first = spawnCommand([...args, "--region", "us-east-2", "--account-id", "123456789012"]);
    const client = clientOf(await first.url);
    await client.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
    const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName: "s" }));
    expect(StreamDescriptionSummary).toMatchObject({
      StreamStatus: "ACTIVE",
      StreamARN: "arn:aws:kinesis:us-east-2:123456789012:stream/s",
    });
    client.destroy();
    first.kill("SIGTERM");
    await first.ended;

    const second = spawnCommand(args);
    const other = clientOf(await second.url);
    await other.send(new DescribeStreamSummaryCommand({ StreamName: "s" }));
    other.destroy();
    second.kill("SIGTERM");
    expect(await second.ended).toMatchObject({ status: 0 });
  });

  it("says in one line with status 1 that its port or its directory is in use", async () => {
    const directory = join(temporary.path, "data");
    const first = spawnCommand(["--port", "0", "--directory", directory]);
    const { port } = new URL(await first.url);
    expect(await spawnCommand(["--port", port], { temporaryDirectory: temporary.path }).ended).toEqual({
      status: 1,
      stdout: "",
      stderr: `local-kinesis: port ${port} is in use on 127.0.0.1; stop what uses it, or choose another port (0 for any)\n`,
    });
    expect(await readdir(temporary.path)).toEqual(["data"]);
    expect(await spawnCommand(["--port", "0", "--directory", directory]).ended).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^local-kinesis: [^\n]+data is in use by process \d+: end that process first[^\n]+\n$/,
      ),
    });
    first.kill("SIGTERM");
    await first.ended;
  });

  testCommand(commandScript, "--state-delay MS");
});
