import {
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  PutRecordCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { put, read } from "./records.ts";
import { constraint, expectBroken } from "./refusal.ts";

const key = { EncryptionType: "KMS", KeyId: "alias/key" } as const;

export const startStreamEncryption: Contract = {
  about: "StartStreamEncryption",
  cases: [
    {
      title: "shows the key in descriptions, and the encryption of records put from now on in answers",
      fidelity: "close",
      note: "Kinesis API reference; that records put before keep showing none is how it reads",
      async run(target) {
        const { client } = target;
        const StreamName = await target.createStream();
        expect(await put(target, StreamName, ["before"])).not.toHaveProperty("EncryptionType");
        await client.send(new StartStreamEncryptionCommand({ StreamName, ...key }));
        const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
        expect(StreamDescription).toMatchObject(key);
        const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
        expect(summary.StreamDescriptionSummary).toMatchObject(key);
        expect((await put(target, StreamName, ["a"])).EncryptionType).toBe("KMS");
        const one = await client.send(new PutRecordCommand({ StreamName, PartitionKey: "k", Data: Buffer.from("x") }));
        expect(one.EncryptionType).toBe("KMS");
        const { Records } = await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" });
        expect(Records?.slice(1).map(({ EncryptionType }) => EncryptionType)).toEqual(["KMS", "KMS"]);
      },
    },
    {
      title: "takes any key, and encrypts nothing",
      fidelity: "different",
      note: "AWS asks KMS: the key must exist, be enabled and be allowed, and records are encrypted with it",
      async run(target) {
        const StreamName = await target.createStream();
        const KeyId = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012";
        await target.client.send(new StartStreamEncryptionCommand({ StreamName, EncryptionType: "KMS", KeyId }));
        const { StreamDescription } = await target.client.send(new DescribeStreamCommand({ StreamName }));
        expect(StreamDescription?.KeyId).toBe(KeyId);
      },
    },
    {
      title: "needs a type and a key",
      fidelity: "close",
      note: "the constraints are the API reference's, their words those of other operations",
      async run(target) {
        const StreamName = await target.createStream();
        await expectBroken(target, "StartStreamEncryption", { StreamName, EncryptionType: "AES" }, [
          constraint("encryptionType", "'AES'", "satisfy enum value set: [NONE, KMS]"),
          constraint("keyId", "null", "not be null"),
        ]);
      },
    },
  ],
};

export const stopStreamEncryption: Contract = {
  about: "StopStreamEncryption",
  cases: [
    {
      title: "forgets the key",
      fidelity: "exact",
      note: "Kinesis API reference, StopStreamEncryption",
      async run(target) {
        const { client } = target;
        const StreamName = await target.createStream();
        await client.send(new StartStreamEncryptionCommand({ StreamName, ...key }));
        await client.send(new StopStreamEncryptionCommand({ StreamName, ...key }));
        const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
        expect(StreamDescription).toMatchObject({ EncryptionType: "NONE" });
        expect(StreamDescription).not.toHaveProperty("KeyId");
        expect(await put(target, StreamName, ["a"])).not.toHaveProperty("EncryptionType");
      },
    },
  ],
};
