import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  PutRecordCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { expectRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

const policy = (Resource: string, change: object = {}): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AllowCrossAccountWrite",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: "kinesis:PutRecord",
        Resource,
        ...change,
      },
    ],
  });

const policyOf = async ({ client }: Target, ResourceARN: string) =>
  (await client.send(new GetResourcePolicyCommand({ ResourceARN }))).Policy;

async function showCycle(target: Target, ResourceARN: string): Promise<void> {
  expect(await policyOf(target, ResourceARN)).toBe("{}");
  for (const Policy of [policy(ResourceARN), policy(ResourceARN, { Action: ["kinesis:GetRecords"] })]) {
    await target.client.send(new PutResourcePolicyCommand({ ResourceARN, Policy }));
    expect(await policyOf(target, ResourceARN)).toBe(Policy);
  }
  await target.client.send(new DeleteResourcePolicyCommand({ ResourceARN }));
  expect(await policyOf(target, ResourceARN)).toBe("{}");
}

export const resourcePolicy: Contract = {
  about: "PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy",
  cases: [
    {
      title: "a stream has an empty policy until one is put, and again when it is deleted",
      fidelity: "exact",
      note: "localstack/localstack:tests/aws/services/kinesis/test_kinesis.snapshot.json, recorded on AWS",
      async run(target) {
        await showCycle(target, target.arn(await target.createStream()));
      },
    },
    {
      title: "a consumer has a policy of its own",
      fidelity: "close",
      note: "as that of a stream, which was recorded on AWS",
      async run(target) {
        const StreamARN = target.arn(await target.createStream());
        const { Consumer } = await target.client.send(
          new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: "c" }),
        );
        await showCycle(target, Consumer?.ConsumerARN ?? "");
        await target.client.send(new PutResourcePolicyCommand({ ResourceARN: StreamARN, Policy: policy(StreamARN) }));
        expect(await policyOf(target, Consumer?.ConsumerARN ?? "")).toBe("{}");
      },
    },
    {
      title: "deleting a policy that is not there is an error",
      fidelity: "close",
      note: "that it is one was recorded on AWS (localstack, as above); its type and text were not",
      async run(target) {
        const ResourceARN = target.arn(await target.createStream());
        await expectRefusal(
          target,
          "DeleteResourcePolicy",
          { ResourceARN },
          "ResourceNotFoundException",
          /No resource policy/,
        );
      },
    },
    {
      title: "what is no policy is refused",
      fidelity: "close",
      note: "the elements are IAM's (grammar of the policy language); what else AWS checks and its texts are not confirmed",
      async run(target) {
        const ResourceARN = target.arn(await target.createStream());
        const statement = (change: object) => policy(ResourceARN, change);
        for (const [Policy, text] of [
          ["{", "The policy is not valid JSON."],
          ["[]", "The policy is not a JSON object."],
          ["{}", "The policy has no statement."],
          [JSON.stringify({ Statement: ["Allow"] }), "A statement is not a JSON object."],
          [statement({ Principal: undefined }), "A statement has no Principal element."],
          [statement({ Action: undefined }), "A statement has no Action element."],
          [statement({ Resource: undefined }), "A statement has no Resource element."],
          [statement({ Effect: "Permit" }), "The Effect of a statement is Allow or Deny."],
        ] as const) {
          const input = { ResourceARN, Policy };
          await expectRefusal(target, "PutResourcePolicy", input, "InvalidArgumentException", text);
        }
        expect(await policyOf(target, ResourceARN)).toBe("{}");
      },
    },
    {
      title: "nobody is refused because of a policy",
      fidelity: "different",
      note: "AWS decides by it who may do what",
      async run(target) {
        const StreamName = await target.createStream();
        const ResourceARN = target.arn(StreamName);
        const Policy = policy(ResourceARN, { Effect: "Deny", Principal: "*" });
        await target.client.send(new PutResourcePolicyCommand({ ResourceARN, Policy }));
        await target.client.send(new PutRecordCommand({ StreamName, PartitionKey: "k", Data: Buffer.from("x") }));
      },
    },
  ],
};
