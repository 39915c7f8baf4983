import { expect, test } from "vitest";
import { makeLocalEnvironment } from "./local-environment.ts";

const endpoint = "http://127.0.0.1:4566";

test("settings of AWS and Pulumi from the shell and from config files lead nowhere", () => {
  const environment = makeLocalEnvironment(
    {
      PATH: "/bin",
      HOME: "/home/me",
      AWS_PROFILE: "work",
      AWS_USE_FIPS_ENDPOINT: "true",
      PULUMI_BACKEND_URL: "s3://b",
    },
    endpoint,
  );
  expect(environment).not.toHaveProperty("AWS_PROFILE");
  expect(environment).not.toHaveProperty("AWS_USE_FIPS_ENDPOINT");
  expect(environment).not.toHaveProperty("PULUMI_BACKEND_URL");
  expect(environment).toMatchObject({
    HOME: "/home/me",
    AWS_ENDPOINT_URL: endpoint,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  });
});

test("what is on this machine does not go through a proxy", () => {
  const proxied = { http_proxy: "http://proxy.example:3128" };
  expect(makeLocalEnvironment(proxied, endpoint)).toMatchObject({
    ...proxied,
    no_proxy: "127.0.0.1,localhost",
    NO_PROXY: "127.0.0.1,localhost",
  });
  const excepted = makeLocalEnvironment({ ...proxied, NO_PROXY: "intranet.example" }, endpoint);
  expect(excepted.no_proxy).toBe("intranet.example,127.0.0.1,localhost");
});
