import { describe, expect, it } from "vitest";
import { invokeFunctionPolicy, producerPolicy, readStreamPolicy, trustPolicy } from "./policies.ts";

const region = "eu-west-1";
const streamArn = "arn:aws:kinesis:eu-west-1:123456789012:stream/s";
const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/k";
const deadLetterArn = "arn:aws:sqs:eu-west-1:123456789012:q";
const functionArn = "arn:aws:lambda:eu-west-1:123456789012:function:f";
const logStreamsArn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/f:*";

const policies = {
  readStream: readStreamPolicy({ region, streamArn }),
  readEncryptedStream: readStreamPolicy({ region, streamArn, keyArn }),
  producer: producerPolicy({ region, streamArn, logStreamsArn, deadLetterArn }),
  encryptingProducer: producerPolicy({ region, streamArn, keyArn, logStreamsArn, deadLetterArn }),
  invokeFunction: invokeFunctionPolicy({ functionArn, deadLetterArn }),
};

/** Actions that AWS offers for no resource in particular. */
const accountWide = ["kinesis:ListStreams"];

describe.each(Object.entries(policies))("the policy %s", (_, policy) => {
  it("names every action in full", () => {
    for (const { Action } of policy.Statement) expect([Action].flat().join()).not.toContain("*");
  });

  it("names its resources, but for actions that have none", () => {
    for (const { Action, Resource } of policy.Statement) {
      if (Resource === "*") expect(accountWide).toEqual(expect.arrayContaining([Action].flat()));
      else expect(Resource).toMatch(/^arn:aws:[a-z]+:eu-west-1:123456789012:/);
    }
  });
});

describe("the key of a stream", () => {
  it("may be used through Kinesis alone, and for this stream alone", () => {
    const used = (policy: (typeof policies)["readStream"]) =>
      policy.Statement.filter(({ Resource }) => Resource === keyArn).map(({ Action, Condition }) => ({
        Action,
        Condition,
      }));
    const Condition = {
      StringEquals: {
        "kms:ViaService": "kinesis.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:aws:kinesis:arn": streamArn,
      },
    };
    expect(used(policies.readEncryptedStream)).toEqual([{ Action: "kms:Decrypt", Condition }]);
    expect(used(policies.encryptingProducer)).toEqual([{ Action: "kms:GenerateDataKey", Condition }]);
    expect(used(policies.readStream)).toEqual([]);
  });
});

describe("who may assume a role", () => {
  it("is a service that acts for this account, and for one resource where one is given", () => {
    const trust = { services: ["scheduler.amazonaws.com"], accountId: "123456789012" };
    expect(trustPolicy(trust).Statement[0]?.Condition).toEqual({
      StringEquals: { "aws:SourceAccount": "123456789012" },
    });
    expect(trustPolicy({ ...trust, sourceArn: functionArn }).Statement[0]?.Condition).toEqual({
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": functionArn },
    });
  });
});
