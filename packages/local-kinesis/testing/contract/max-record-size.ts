import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  PutRecordCommand,
  UpdateMaxRecordSizeCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { constraint, expectBroken } from "./refusal.ts";
import type { Target } from "./target.ts";

const KIB = 1024;

const sizeOf = async ({ client }: Target, StreamName: string) =>
  (await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary?.MaxRecordSizeInKiB;

const put = ({ client }: Target, StreamName: string, bytes: number) =>
  client.send(new PutRecordCommand({ StreamName, PartitionKey: "k", Data: Buffer.alloc(bytes - 1) }));

export const updateMaxRecordSize: Contract = {
  about: "UpdateMaxRecordSize",
  cases: [
    {
      title: "a record has up to 1 MiB with its key, unless the stream takes up to 10 MiB",
      fidelity: "close",
      note: "Kinesis developer guide, large records; AWS's words for a record above the limit are those for its data",
      async run(target) {
        const StreamName = await target.createStream();
        expect(await sizeOf(target, StreamName)).toBe(1024);
        await put(target, StreamName, 1024 * KIB);
        await expect(put(target, StreamName, 1024 * KIB + 1)).rejects.toMatchObject({ name: "ValidationException" });
        const StreamARN = target.arn(StreamName);
        await target.client.send(new UpdateMaxRecordSizeCommand({ StreamARN, MaxRecordSizeInKiB: 2048 }));
        expect(await sizeOf(target, StreamName)).toBe(2048);
        await put(target, StreamName, 2048 * KIB);
        await expect(put(target, StreamName, 2048 * KIB + 1)).rejects.toMatchObject({ name: "ValidationException" });
        await target.client.send(
          new CreateStreamCommand({ StreamName: "large", ShardCount: 1, MaxRecordSizeInKiB: 10_240 }),
        );
        await put(target, "large", 10_240 * KIB);
      },
    },
    {
      title: "takes 1,024 to 10,240 KiB",
      fidelity: "close",
      note: "the constraints are the API reference's, their words those of other operations",
      async run(target) {
        const StreamARN = target.arn(await target.createStream());
        await expectBroken(target, "UpdateMaxRecordSize", { StreamARN, MaxRecordSizeInKiB: 1023 }, [
          constraint("maxRecordSizeInKiB", "'1023'", "have value greater than or equal to 1024"),
        ]);
        await expectBroken(target, "UpdateMaxRecordSize", { StreamARN, MaxRecordSizeInKiB: 10_241 }, [
          constraint("maxRecordSizeInKiB", "'10241'", "have value less than or equal to 10240"),
        ]);
      },
    },
  ],
};
