import { readdir, stat } from "node:fs/promises";
import { CreateStreamCommand, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { describe, expect, it } from "vitest";
import { clientOf } from "../testing/client-of.ts";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { startLocalKinesis } from "./index.ts";

describe("startLocalKinesis", () => {
  it("starts with no options, each time empty, and removes what it kept", async () => {
    const running = await Promise.all([startLocalKinesis(), startLocalKinesis()]);
    const names = running.map(async ({ url }, index) => {
      const client = clientOf(url);
      await client.send(new CreateStreamCommand({ StreamName: `s-${index}`, ShardCount: 1 }));
      const { StreamNames } = await client.send(new ListStreamsCommand({}));
      client.destroy();
      return StreamNames;
    });
    expect(await Promise.all(names)).toEqual([["s-0"], ["s-1"]]);
    for (const { close, directory } of running) {
      await Promise.all([close(), close()]);
      await expect(stat(directory)).rejects.toThrow("ENOENT");
    }
  });

  it("keeps a directory that it was given", async () => {
    const temporary = await makeTemporaryDirectory();
    const kinesis = await startLocalKinesis({ directory: temporary.path });
    await kinesis.close();
    expect(kinesis.directory).toBe(temporary.path);
    expect(await readdir(temporary.path)).toContain("data.mdb");
    await temporary.remove();
  });

  it("frees the directory if the port is in use", async () => {
    const first = await startLocalKinesis();
    const temporary = await makeTemporaryDirectory();
    await expect(startLocalKinesis({ directory: temporary.path, port: first.port })).rejects.toThrow(
      `port ${first.port} is in use`,
    );
    await (await startLocalKinesis({ directory: temporary.path })).close();
    await first.close();
    await temporary.remove();
  });
});
