import { describe, expect, test } from "vitest";
import { configureProvider } from "./provider-configuration.ts";

const inputs = { accessKey: "local", secretKey: "local", region: "eu-west-1" };
const environment = { MILLRACE_LOCAL_ENDPOINT: "http://127.0.0.1:4566" };

describe("a local provider", () => {
  test("takes the local stage, and the default tags in either form", () => {
    expect(configureProvider("aws", inputs, environment)).toEqual({
      endpoint: "http://127.0.0.1:4566",
      defaultTags: {},
    });
    const tags = { Stage: "local" };
    for (const defaultTags of [{ tags }, JSON.stringify({ tags })]) {
      expect(configureProvider("aws", { ...inputs, defaultTags }, environment).defaultTags).toEqual(tags);
    }
  });

  test.each([
    undefined,
    "",
    "https://127.0.0.1:4566",
    "http://kinesis.eu-west-1.amazonaws.com",
    "http://127.0.0.1.example.com",
    "nonsense",
  ])("refuses the endpoint %j", (endpoint) => {
    expect(() => configureProvider("aws", inputs, { MILLRACE_LOCAL_ENDPOINT: endpoint })).toThrow(
      /local provider for aws serves the local stage alone: MILLRACE_LOCAL_ENDPOINT must be/,
    );
  });

  test("refuses keys and regions of another stage, and never shows the key", () => {
    expect(() => configureProvider("aws", { ...inputs, accessKey: undefined }, environment)).toThrow(
      /accessKey must be `local`, got none/,
    );
    expect(() => configureProvider("aws", { ...inputs, accessKey: "AKIAREAL" }, environment)).toThrow(/got another/);
    expect(() => configureProvider("aws", { ...inputs, accessKey: "AKIAREAL" }, environment)).not.toThrow(/AKIAREAL/);
    expect(() => configureProvider("aws", { ...inputs, region: "us-east-1" }, environment)).toThrow(
      /region must be eu-west-1/,
    );
  });
});
