import { mkdir, cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { credentials, startKinesisWorld } from "../../testing/kinesis-world.ts";
import { adminSecretOf, runSql } from "../../testing/run-sql.ts";
import { spawnCommand } from "../../testing/spawn-command.ts";

let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "local-redshift-"));
});
afterEach(() => rm(temporary, { recursive: true, force: true }));

describe("the command local-redshift", () => {
  it("prints its URL into a pipe, fills a view from a Kinesis, and leaves nothing behind", async () => {
    const world = await startKinesisWorld();
    onTestFinished(() => world[Symbol.asyncDispose]());
    await world.createStream("events");
    await world.put("events", ['{"n":1}']);
    const command = spawnCommand(["--port", "0", "--kinesis-endpoint", world.kinesis.url, "--poll", "20"], {
      temporaryDirectory: temporary,
    });
    const url = await command.url;
    const settings = { endpoint: url, region: "eu-west-1", credentials };
    const client = new RedshiftDataClient(settings);
    const SecretArn = await adminSecretOf(settings);
    const run = (sql: string) => runSql(client, { WorkgroupName: "default", Database: "dev", SecretArn }, sql);
    await run("CREATE EXTERNAL SCHEMA kds FROM KINESIS IAM_ROLE default");
    await run("CREATE MATERIALIZED VIEW mv AUTO REFRESH YES AS SELECT JSON_PARSE(kinesis_data) AS p FROM kds.events");
    await expect.poll(() => run("SELECT p.n::int FROM mv"), { timeout: 15_000 }).toEqual([[{ longValue: 1 }]]);
    client.destroy();
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

  it("says in one line with status 2 what is wrong with its options", async () => {
    expect(await spawnCommand(["--port", "x"]).ended).toEqual({
      status: 2,
      stdout: "",
      stderr: 'local-redshift: --port must be a whole number from 0 to 65535, got "x"\n',
    });
  });

  it("prints its help text and its version", async () => {
    expect(await spawnCommand(["--help"]).ended).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("--kinesis-endpoint URL"),
    });
    expect(await spawnCommand(["--version"]).ended).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it("names the Node it needs on an older one", async () => {
    await mkdir(join(temporary, "bin"));
    const script = join(temporary, "bin/local-redshift.mjs");
    await cp(new URL("../../bin/local-redshift.mjs", import.meta.url), script);
    await writeFile(join(temporary, "package.json"), JSON.stringify({ engines: { node: ">=1000.1" } }));
    expect(await spawnCommand([], { script }).ended).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("local-redshift needs Node 1000.1 or newer"),
    });
  });
});
