import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { CreateStreamCommand, ListStreamsCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { describe, expect, it, onTestFinished } from "vitest";
import { clientOf } from "../../testing/client-of.ts";
import { readAll } from "../../testing/read-all.ts";
import { makeTemporaryDirectory } from "../../testing/temporary-directory.ts";
import { openKinesis } from "../index.ts";

const StreamName = "s";
/** What does not fit into its file: bytes of a record, and the most bytes of a file, for `data.mdb` of a size. */
const CASES = [
  { what: "the bytes of a record", bytes: 60_000, limitFor: () => 1_000_000 },
  { what: "its entry in the index", bytes: 10, limitFor: (size: number) => size },
];

/** A server in a process of its own, whose files may be limited in size: what is beyond is refused as by a full disk. */
async function startServer(directory: string) {
  const script = new URL("../../testing/serve-until-killed.ts", import.meta.url).pathname;
  const server = spawn(process.execPath, [script, directory], { stdio: ["ignore", "pipe", "ignore"] });
  const closed = once(server, "close");
  const [line] = (await once(server.stdout, "data")) as [Buffer];
  const client = clientOf(line.toString().trim(), { maxAttempts: 1 });
  return {
    client,
    limitFiles(bytes: number | "unlimited") {
      execFileSync("prlimit", ["--pid", String(server.pid), `--fsize=${bytes}:unlimited`]);
    },
    async kill() {
      client.destroy();
      server.kill("SIGKILL");
      await closed;
    },
  };
}

describe.runIf(process.platform === "linux")("a full disk", () => {
  it.each(CASES)(
    "makes a put fail when $what finds no room; nothing of it is stored, and later puts work",
    async (args) => {
      const directory = await makeTemporaryDirectory();
      onTestFinished(() => directory.remove());
      const { client, limitFiles, kill } = await startServer(directory.path);
      onTestFinished(kill);
      const Data = Buffer.alloc(args.bytes);
      const put = async (): Promise<string> => {
        const { SequenceNumber = "" } = await client.send(
          new PutRecordCommand({ StreamName, PartitionKey: "k", Data }),
        );
        return SequenceNumber;
      };
      await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));

      const confirmed: string[] = [];
      const refusals: unknown[] = [];
      limitFiles(args.limitFor((await stat(join(directory.path, "data.mdb"))).size));
      while (refusals.length < 10) {
        await put().then(
          (sequenceNumber) => confirmed.push(sequenceNumber),
          (error: unknown) => refusals.push(error),
        );
      }
      for (const error of refusals) {
        expect(error).toMatchObject({ name: "InternalFailure", $metadata: { httpStatusCode: 500 } });
      }
      limitFiles("unlimited");
      for (let later = 0; later < 3; later += 1) confirmed.push(await put());
      await kill();

      const kinesis = await openKinesis({ directory: directory.path });
      const stored = await readAll(kinesis.reader, StreamName);
      expect(stored.map(({ sequenceNumber }) => sequenceNumber)).toEqual(confirmed);
      expect(stored.every(({ data }) => data.length === args.bytes)).toBe(true);
      await kinesis.close();
    },
  );

  it("makes a new stream fail as if nobody had asked for it", async () => {
    const directory = await makeTemporaryDirectory();
    onTestFinished(() => directory.remove());
    const { client, limitFiles, kill } = await startServer(directory.path);
    onTestFinished(kill);
    const create = (name: string) => client.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    await create("stream-0");
    limitFiles((await stat(join(directory.path, "data.mdb"))).size);
    const names = ["stream-0"];
    let failure: unknown;
    while (!failure) {
      const name = `stream-${names.length}`;
      await create(name).then(
        () => names.push(name),
        (error: unknown) => (failure = error),
      );
    }
    expect(failure).toMatchObject({ name: "InternalFailure" });
    const { StreamNames } = await client.send(new ListStreamsCommand({ Limit: 1_000 }));
    expect(StreamNames).toEqual([...names].sort());
    limitFiles("unlimited");
    await create(`stream-${names.length}`);
    await kill();

    const kinesis = await openKinesis({ directory: directory.path });
    expect(await kinesis.reader.describe(`stream-${names.length}`)).toBeDefined();
    expect(await kinesis.reader.describe(`stream-${names.length + 1}`)).toBeUndefined();
    await kinesis.close();
  });
});
