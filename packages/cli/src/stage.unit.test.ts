import { describe, expect, test } from "vitest";
import { UserError } from "./errors.ts";
import { refuseEndpointOverrides, requireStackFile, trustOutputs } from "./stage.ts";

describe("stack outputs", () => {
  const outputs = {
    region: "eu-west-1",
    streamName: "s",
    workgroupName: "w",
    databaseName: "dev",
    adminSecretArn: "arn",
    redshiftRoleArn: "role",
    more: 1,
  };

  test("are reduced to what commands read", () => {
    const { more, ...wanted } = outputs;
    expect(more).toBe(1);
    expect(trustOutputs("staging", outputs)).toEqual(wanted);
  });

  test("that lack something are refused with the names and the cure", () => {
    const act = (): unknown => trustOutputs("staging", { ...outputs, streamName: undefined, workgroupName: 3 });
    expect(act).toThrow(UserError);
    expect(act).toThrow(/streamName, workgroupName.*npx millrace up --stage staging/);
  });
});

describe("a deployed stage", () => {
  test("refuses endpoint variables by name", () => {
    expect(() => refuseEndpointOverrides("staging", { AWS_ENDPOINT_URL_KINESIS: "http://127.0.0.1:1" })).toThrow(
      "AWS_ENDPOINT_URL_KINESIS",
    );
  });

  test("takes an environment without them", () => {
    expect(() => refuseEndpointOverrides("staging", { AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL: "" })).not.toThrow();
  });
});

test("a stage without a stack file is refused with those that have one", () => {
  expect(() => requireStackFile("staging")).not.toThrow();
  expect(() => requireStackFile("stging")).toThrow(UserError);
  expect(() => requireStackFile("stging")).toThrow(/no stage "stging".*local, production, staging/);
  expect(() => requireStackFile("../Pulumi")).toThrow(UserError);
});
