import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type RecordedRun, recordProgram } from "../testing/record-program.ts";

const region = "eu-west-1";
const own = {
  "millrace:subnetIds": '["subnet-0000000a","subnet-0000000b","subnet-0000000c"]',
  "millrace:securityGroupIds": '["sg-00000001"]',
};
const privateSubnets = ["a", "b", "c"].map((zone) => ({
  id: `subnet-0000000${zone}`,
  availabilityZone: `${region}${zone}`,
  mapPublicIpOnLaunch: false,
}));

let localProviders: string;
beforeAll(async () => {
  localProviders = await mkdtemp(join(tmpdir(), "millrace-providers-"));
  await writeFile(join(localProviders, "LOCAL_PROVIDERS"), "");
  for (const name of ["pulumi-resource-aws", "pulumi-resource-aws-native"]) {
    await writeFile(join(localProviders, name), "#!/bin/sh\n", { mode: 0o755 });
  }
});
afterAll(() => rm(localProviders, { recursive: true }));

describe("the program in the stage staging", () => {
  let run: RecordedRun;
  beforeAll(async () => {
    run = await recordProgram({ stage: "staging", config: await stackFile("staging") });
  });

  it("registers exactly these resources with exactly these inputs", () => {
    expect(run.resources.map(withoutStub)).toMatchSnapshot();
  });

  it("gives every resource of AWS and every look-up its explicit provider", () => {
    for (const { type, name, provider } of run.resources.filter(({ type }) => /^aws/.test(type))) {
      expect(provider, name).toBe(type.split(":")[0]);
    }
    for (const { token, provider } of run.invokes) expect(provider, token).toBe("aws");
  });

  it("makes no key, takes no password and gives no credentials to its providers", () => {
    expect(run.resources.filter(({ type }) => type.startsWith("aws:kms/"))).toEqual([]);
    expect(inputsOf(run, "aws-native:redshiftserverless:Namespace")).not.toHaveProperty("adminUserPassword");
    expect(inputsOf(run, "pulumi:providers:aws")).not.toHaveProperty("accessKey");
  });

  it("puts neither an address nor a path of this machine into an input", () => {
    const text = JSON.stringify(run.resources.map(withoutStub));
    expect(text).not.toMatch(/127\.0\.0\.1|localhost|https?:/);
    expect(text).not.toContain(process.cwd());
    expect(text).not.toContain(tmpdir());
  });

  it("exports the outputs that others rely on", () => {
    expect(run.outputs).toEqual({
      stage: "staging",
      region,
      streamName: "millrace-events-staging",
      streamArn: "arn:aws:kinesis:eu-west-1:123456789012:stream/millrace-events-staging",
      namespaceName: "millrace-staging",
      namespaceArn: "arn:aws:redshift-serverless:eu-west-1:123456789012:namespace/n-1",
      workgroupName: "millrace-staging",
      workgroupArn: "arn:aws:redshift-serverless:eu-west-1:123456789012:workgroup/w-1",
      endpointAddress: "warehouse.example",
      endpointPort: 5439,
      databaseName: "dev",
      adminSecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:redshift!managed-AbCdEf",
      redshiftRoleArn: "arn:aws:iam::123456789012:role/millrace-redshift-staging",
      producerRoleArn: "arn:aws:iam::123456789012:role/millrace-producer-role",
      producerFunctionName: "millrace-producer-staging",
      migrationsApplied: 1,
    });
  });
});

describe("the program in the stage local", () => {
  it("registers what staging has, with other names and with keys that open nothing", async () => {
    const endpoint = "http://127.0.0.1:4566";
    const env = { PATH: localProviders, MILLRACE_LOCAL_ENDPOINT: endpoint, AWS_ENDPOINT_URL: endpoint };
    const local = await recordProgram({ stage: "local", config: await stackFile("local"), env });
    const staging = await recordProgram({ stage: "staging", config: await stackFile("staging") });
    expect(local.resources.map(({ type, name }) => `${type} ${name}`)).toEqual(
      staging.resources.map(({ type, name }) => `${type} ${name}`),
    );
    for (const type of ["pulumi:providers:aws", "pulumi:providers:aws-native"]) {
      expect(inputsOf(local, type)).toMatchObject({ accessKey: { secret: "local" }, secretKey: { secret: "local" } });
    }
    expect(JSON.stringify(local.resources)).not.toContain(endpoint);
  });

  it("stops without the local cloud, before any resource", async () => {
    await expect(recordProgram({ stage: "local", config: await stackFile("local") })).rejects.toThrow(
      /MILLRACE_LOCAL_ENDPOINT/,
    );
  });
});

describe("the program in the stage production", () => {
  it("keeps a week and runs in the given private subnets", async () => {
    const config = { ...(await stackFile("production")), ...own };
    const run = await recordProgram({ stage: "production", config }, privateSubnets);
    expect(inputsOf(run, "aws-native:kinesis:Stream")).toMatchObject({ retentionPeriodHours: 168 });
    expect(inputsOf(run, "aws-native:redshiftserverless:Workgroup")).toMatchObject({
      publiclyAccessible: false,
      subnetIds: privateSubnets.map((subnet) => subnet.id),
      securityGroupIds: ["sg-00000001"],
    });
    expect(run.invokes.map(({ token }) => token)).not.toContain("aws:ec2/getVpc:getVpc");
  });

  it("protects stream and namespace and leaves them when the stack goes, unless told otherwise", async () => {
    const config = { ...(await stackFile("production")), ...own };
    const kept = async (more: Record<string, string>) => {
      const run = await recordProgram({ stage: "production", config: { ...config, ...more } }, privateSubnets);
      return run.resources.filter(({ options }) => options["protect"] || options["retainOnDelete"]);
    };
    const options = { protect: true, retainOnDelete: true };
    expect(await kept({ "millrace:streamKey": "customer-managed" })).toMatchObject([
      { type: "aws-native:kinesis:Stream", options },
      { type: "aws-native:redshiftserverless:Namespace", options },
      { type: "aws:kms/key:Key", options },
    ]);
    expect(await kept({ "millrace:protectData": "false" })).toEqual([]);
  });

  it("stops at the stack file as it is shipped, and names the two settings to add", async () => {
    const attempt = recordProgram({ stage: "production", config: await stackFile("production") });
    await expect(attempt).rejects.toThrow(
      /2 problems(.|\n)*millrace:subnetIds is missing(.|\n)*millrace:securityGroupIds/,
    );
  });

  it("stops at subnets that hand out public addresses", async () => {
    const config = { ...(await stackFile("production")), ...own };
    await expect(recordProgram({ stage: "production", config })).rejects.toThrow(/private/);
  });
});

describe("the entry that Pulumi loads", () => {
  it("has a default export and no other, as the language host asks", async () => {
    const entry = (await import(new URL("../main.mjs", import.meta.url).href)) as Record<string, unknown>;
    expect(Object.keys(entry)).toEqual(["default"]);
    expect(entry["default"]).toBeTypeOf("function");
  });
});

describe("settings that change what is registered", () => {
  const config = { "aws:region": region };

  it("makes a key and lets both roles use it, when the stream is to have a key of its own", async () => {
    const run = await recordProgram({ stage: "dev", config: { ...config, "millrace:streamKey": "customer-managed" } });
    const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/k-1";
    expect(inputsOf(run, "aws:kms/alias:Alias")).toEqual({
      name: "alias/millrace-events-dev",
      targetKeyId: "millrace-events-key-id",
    });
    expect(inputsOf(run, "aws-native:kinesis:Stream")).toMatchObject({
      streamEncryption: { encryptionType: "KMS", keyId: keyArn },
    });
    const actions = run.resources
      .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
      .flatMap(({ inputs }) => (inputs["policy"] as { Statement: { Action: string; Resource: string }[] }).Statement)
      .filter((statement) => statement.Resource === keyArn)
      .map((statement) => statement.Action);
    expect(actions.sort()).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
  });

  it("makes a provisioned stream with its shards", async () => {
    const provisioned = { "millrace:streamMode": "PROVISIONED", "millrace:shardCount": "4" };
    const run = await recordProgram({ stage: "dev", config: { ...config, ...provisioned } });
    expect(inputsOf(run, "aws-native:kinesis:Stream")).toMatchObject({
      streamModeDetails: { streamMode: "PROVISIONED" },
      shardCount: 4,
    });
  });

  it("hands a given password on as a secret, and its own secret to the migrations", async () => {
    const adminSecretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:admin-AbCdEf";
    const run = await recordProgram({
      stage: "dev",
      config: { ...config, "millrace:adminUserPassword": "Correct1Horse", "millrace:adminSecretArn": adminSecretArn },
      isSecret: (key) => key === "millrace:adminUserPassword",
    });
    const namespace = inputsOf(run, "aws-native:redshiftserverless:Namespace");
    expect(namespace).toMatchObject({ adminUserPassword: { secret: "Correct1Horse" } });
    expect(namespace).not.toHaveProperty("manageAdminPassword");
    const others = run.resources.filter(({ type }) => type !== "aws-native:redshiftserverless:Namespace");
    expect(JSON.stringify(others)).not.toContain("Correct1Horse");
    expect(inputsOf(run, "pulumi-nodejs:dynamic/millrace:Migrations")).toMatchObject({ adminSecretArn });
  });

  it("switches the schedule on, and leaves the usage limit out", async () => {
    const run = await recordProgram({
      stage: "dev",
      config: { ...config, "millrace:scheduleEnabled": "true", "millrace:usageLimitEnabled": "false" },
    });
    expect(inputsOf(run, "aws:scheduler/schedule:Schedule")).toMatchObject({ state: "ENABLED" });
    expect(run.resources.map(({ type }) => type)).not.toContain("aws:redshiftserverless/usageLimit:UsageLimit");
  });
});

function inputsOf(run: RecordedRun, type: string): Record<string, unknown> {
  const found = run.resources.filter((resource) => resource.type === type);
  expect(found, type).toHaveLength(1);
  return found[0]?.inputs ?? {};
}

/** The stub's text has a test of its own. */
function withoutStub<T extends { inputs: Record<string, unknown> }>(resource: T): T {
  const { __provider, ...inputs } = resource.inputs;
  return __provider === undefined ? resource : { ...resource, inputs };
}

/** A shipped stack file in the form in which Pulumi hands configuration to a program. */
async function stackFile(stage: string): Promise<Record<string, string>> {
  const file = new URL(`../../../stacks/Pulumi.${stage}.yaml`, import.meta.url);
  const { config } = parse(await readFile(file, "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
}
