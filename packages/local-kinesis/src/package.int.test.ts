import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordCommand,
} from "@aws-sdk/client-kinesis";
import { testInstalledPackage } from "@millrace/local-wire/testing/test-installed-package";
import { describe, expect, it } from "vitest";
import { clientOf } from "../testing/client-of.ts";

describe("the package, packed and installed in an empty folder", () => {
  const installed = testInstalledPackage(
    "local-kinesis",
    `import { startLocalKinesis, type LocalKinesis } from "@millrace/local-kinesis";
     const kinesis: LocalKinesis = await startLocalKinesis({ limits: false, stateDelayMs: 0 });
     await kinesis.close();
     // @ts-expect-error: a port is a number.
     await startLocalKinesis({ port: "4567" });`,
  );

  it("runs its command, which keeps records and ends by a signal", async () => {
    const command = installed.spawn(["--port", "0", "--state-delay", "0"]);
    const client = clientOf(await command.url);
    const StreamName = "s";
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const { ShardId, SequenceNumber } = await client.send(
      new PutRecordCommand({ StreamName, PartitionKey: "key", Data: Buffer.from("hello") }),
    );
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
    );
    const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.map(({ Data, ...record }) => ({ ...record, text: Buffer.from(Data ?? []).toString() }))).toEqual([
      expect.objectContaining({ SequenceNumber, PartitionKey: "key", text: "hello" }),
    ]);
    client.destroy();
    command.kill("SIGTERM");
    expect(await command.ended).toMatchObject({ status: 0, stderr: "" });
  });
});
