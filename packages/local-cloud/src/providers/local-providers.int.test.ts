import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdtemp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  DecreaseStreamRetentionPeriodCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
} from "@aws-sdk/client-kinesis";
import plugin from "google-protobuf/google/protobuf/empty_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLocalCloud, type LocalCloud } from "../cloud/local-cloud.ts";
import { makeLocalEnvironment } from "../engine/local-environment.ts";
import { startPlugin, type PluginProcess } from "../engine/plugin-process.ts";
import { checkProviderInputs, configureProviderPlugin, type ResourceProvider } from "../engine/resource-provider.ts";
import { localProviderDirectory } from "../local-provider-directory.ts";
import { secret, withoutSecrets, type Properties } from "../pulumi/property-values.ts";
import { call } from "../pulumi/rpc.ts";

const script = join(import.meta.dirname, "main.ts");
const inputs = { region: "eu-west-1", accessKey: secret("local"), secretKey: secret("local") };
const plugins: PluginProcess[] = [];
let directory: string;
let cloud: LocalCloud;

const start = async (name: string, environment = makeLocalEnvironment(process.env, cloud.url)) => {
  const started = await startPlugin({ name, script, args: [name, "127.0.0.1:1"], directory, environment });
  plugins.push(started);
  return started;
};
const urnOf = (type: string, name: string) => `urn:pulumi:local::millrace::${type}::${name}`;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "millrace-providers-"));
  cloud = await startLocalCloud({ directory, port: 0 });
});
afterAll(async () => {
  for (const started of plugins) started.close();
  await cloud?.close();
  await rm(directory, { recursive: true, force: true });
});

/** What an engine does to one resource from its first input to its end. */
async function live(provider: ResourceProvider, type: string, name: string) {
  const urn = urnOf(type, name);
  let state: { id: string; inputs: Properties; outputs: Properties } | undefined;
  const check = (wanted: Properties) => provider.check({ urn, inputs: wanted, oldInputs: state?.inputs ?? {} });
  return {
    async create(wanted: Properties, adopt = false) {
      const checked = await check(wanted);
      state = { inputs: checked, ...(await provider.create({ urn, inputs: checked, adopt })) };
      return state;
    },
    diff: async (wanted: Properties) =>
      provider.diff({
        urn,
        id: state!.id,
        oldInputs: state!.inputs,
        oldOutputs: state!.outputs,
        inputs: await check(wanted),
      }),
    async update(wanted: Properties) {
      const checked = await check(wanted);
      const { id, inputs: oldInputs, outputs: oldOutputs } = state!;
      state = { inputs: checked, ...(await provider.update({ urn, id, oldInputs, oldOutputs, inputs: checked })) };
      return state;
    },
    read: () => provider.read({ urn, ...state! }),
    remove: () => provider.remove({ urn, ...state! }),
  };
}

describe("the provider aws-native", () => {
  let provider: ResourceProvider;
  beforeAll(async () => {
    provider = await configureProviderPlugin(await start("aws-native"), inputs);
  });

  test("takes a stream through its life", async () => {
    const wanted = {
      name: "letters",
      retentionPeriodHours: 48,
      streamModeDetails: { streamMode: "ON_DEMAND" },
      streamEncryption: { encryptionType: "KMS", keyId: "alias/aws/kinesis" },
      tags: [
        { key: "Stage", value: "local" },
        { key: "Project", value: "millrace" },
      ],
    };
    const stream = await live(provider, "aws-native:kinesis:Stream", "letters");
    const made = await stream.create(wanted);
    expect(made).toMatchObject({
      id: "letters",
      outputs: { arn: "arn:aws:kinesis:eu-west-1:000000000000:stream/letters" },
    });
    expect(await stream.read()).toEqual({ id: "letters", inputs: made.inputs, outputs: made.outputs });
    expect(await stream.diff(wanted)).toMatchObject({ hasChanges: false });

    const changed = { ...wanted, retentionPeriodHours: 24, tags: [{ key: "Stage", value: "other" }] };
    expect(await stream.diff(changed)).toMatchObject({ hasChanges: true, replaces: [] });
    expect(await stream.diff({ ...wanted, name: "others" })).toMatchObject({
      replaces: ["name"],
      deleteBeforeReplace: false,
    });
    const updated = await stream.update(changed);
    expect(await stream.read()).toEqual({ id: "letters", inputs: updated.inputs, outputs: updated.outputs });

    // An interrupted run left it behind: it is taken over and brought to the inputs.
    await expect(stream.create(wanted)).rejects.toThrow(/letters/);
    const adopted = await stream.create(wanted, true);
    expect((await stream.read())?.inputs).toEqual(adopted.inputs);
    await stream.remove();
    await stream.remove();
    expect(await stream.read()).toBeUndefined();
  });

  test("shows what changed behind its back", async () => {
    const stream = await live(provider, "aws-native:kinesis:Stream", "drifting");
    await stream.create({ name: "drifting", retentionPeriodHours: 48, streamModeDetails: { streamMode: "ON_DEMAND" } });
    const client = new KinesisClient({
      endpoint: cloud.url,
      region: "eu-west-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    await client.send(new DecreaseStreamRetentionPeriodCommand({ StreamName: "drifting", RetentionPeriodHours: 30 }));
    const { StreamDescriptionSummary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: "drifting" }),
    );
    expect(StreamDescriptionSummary?.RetentionPeriodHours).toBe(30);
    client.destroy();
    expect(await stream.read()).toMatchObject({
      inputs: { retentionPeriodHours: 30 },
      outputs: { retentionPeriodHours: 30 },
    });
    await stream.remove();
  });

  test("takes a namespace and its workgroup through their life", async () => {
    const role = "arn:aws:iam::000000000000:role/reader";
    const space = await live(provider, "aws-native:redshiftserverless:Namespace", "space");
    const group = await live(provider, "aws-native:redshiftserverless:Workgroup", "group");
    const spaceInputs = {
      namespaceName: "space",
      dbName: "dev",
      adminUsername: "admin",
      manageAdminPassword: true,
      iamRoles: [role],
      defaultIamRoleArn: role,
      logExports: ["userlog", "connectionlog"],
      tags: [{ key: "Stage", value: "local" }],
    };
    const madeSpace = await space.create(spaceInputs);
    expect(madeSpace.outputs.namespace).toMatchObject({
      namespaceArn: expect.stringMatching(/^arn:aws:redshift-serverless:/),
      adminPasswordSecretArn: expect.stringMatching(/^arn:aws:secretsmanager:/),
      status: "AVAILABLE",
    });
    expect(await space.read()).toEqual({ id: "space", inputs: madeSpace.inputs, outputs: madeSpace.outputs });

    const groupInputs = {
      workgroupName: "group",
      namespaceName: "space",
      baseCapacity: 8,
      maxCapacity: 32,
      publiclyAccessible: false,
      subnetIds: ["subnet-3", "subnet-1", "subnet-2"],
      securityGroupIds: ["sg-1"],
      tags: [{ key: "Stage", value: "local" }],
    };
    const madeGroup = await group.create(groupInputs);
    expect(madeGroup.outputs.workgroup).toMatchObject({
      endpoint: { address: expect.any(String), port: expect.any(Number) },
    });
    expect(await group.read()).toEqual({ id: "group", inputs: madeGroup.inputs, outputs: madeGroup.outputs });
    const updated = await group.update({ ...groupInputs, baseCapacity: 16, maxCapacity: 64, tags: [] });
    expect((await group.read())?.inputs).toEqual(updated.inputs);
    expect(await group.diff({ ...groupInputs, namespaceName: "other" })).toMatchObject({ deleteBeforeReplace: true });

    const updatedSpace = await space.update({ ...spaceInputs, logExports: ["userlog"], iamRoles: [role] });
    expect((await space.read())?.inputs).toEqual(updatedSpace.inputs);
    await expect(space.update({ ...spaceInputs, dbName: "prod" })).rejects.toThrow(
      /dbName of namespace space cannot be changed/,
    );
    await group.remove();
    await space.remove();
    expect(await group.read()).toBeUndefined();
  });

  test("keeps a given password marked, and names what it does not emulate", async () => {
    const space = await live(provider, "aws-native:redshiftserverless:Namespace", "given");
    const made = await space.create({
      namespaceName: "given",
      adminUsername: "admin",
      adminUserPassword: secret("Long-enough-1"),
    });
    expect(made.outputs.adminUserPassword).toEqual(secret("Long-enough-1"));
    await space.remove();
    await expect(space.create({ namespaceName: "given", snapshotName: "x" })).rejects.toThrow(/does not emulate/);
  });

  test("refuses a token that it does not have by name", async () => {
    const topic = await live(provider, "aws-native:sns:Topic", "topic");
    await expect(topic.create({})).rejects.toThrow(/no resource type aws-native:sns:Topic/);
  });
});

describe("the provider aws", () => {
  let provider: ResourceProvider;
  beforeAll(async () => {
    const defaultTags = JSON.stringify({ tags: { Project: "millrace" } });
    provider = await configureProviderPlugin(await start("aws"), { ...inputs, defaultTags });
  });

  test("takes a recorded resource through its life, named after its logical name and with the default tags", async () => {
    const queue = await live(provider, "aws:sqs/queue:Queue", "letters");
    const made = await queue.create({ delaySeconds: 1, tags: { Stage: "local" } });
    expect(made.outputs).toMatchObject({
      name: expect.stringMatching(/^letters-[0-9a-f]{7}$/),
      url: made.id,
      tagsAll: { Project: "millrace", Stage: "local" },
    });
    expect(await queue.read()).toEqual({ id: made.id, inputs: made.inputs, outputs: made.outputs });
    const updated = await queue.update({ delaySeconds: 2 });
    expect(updated.outputs).toMatchObject({ name: made.outputs.name, delaySeconds: 2 });
    expect(await queue.diff({ delaySeconds: 2, fifoQueue: true })).toMatchObject({
      replaces: ["fifoQueue"],
      deleteBeforeReplace: true,
    });
    await queue.remove();
    expect(await queue.read()).toBeUndefined();
  });

  test("finds every wrong key before anything is made", async () => {
    const role = await live(provider, "aws:iam/role:Role", "role");
    await expect(role.create({ colour: "red" })).rejects.toThrow(/requires assumeRolePolicy; .*no property colour/);
  });

  test("answers look-ups, and refuses others by name", async () => {
    const vpc = await provider.invoke("aws:ec2/getVpc:getVpc", { default: true });
    const { ids } = await provider.invoke("aws:ec2/getSubnets:getSubnets", {});
    const subnets = await Promise.all(
      (ids as string[]).map((id) => provider.invoke("aws:ec2/getSubnet:getSubnet", { id })),
    );
    expect(new Set(subnets.map((subnet) => subnet.availabilityZone)).size).toBe(3);
    expect(new Set(subnets.map((subnet) => subnet.vpcId))).toEqual(new Set([vpc.id]));
    await expect(provider.invoke("aws:ec2/getAmi:getAmi", {})).rejects.toThrow(/no look-up aws:ec2\/getAmi:getAmi/);
    await expect(provider.invoke("aws:ec2/getSubnet:getSubnet", { id: "subnet-x" })).rejects.toThrow(
      /no subnet subnet-x/,
    );
  });
});

describe("a provider of another stage", () => {
  test("is refused when it is checked and when it is configured", async () => {
    const urn = urnOf("pulumi:providers:aws", "aws");
    const withoutKeys = { region: "eu-west-1" };
    const environment = makeLocalEnvironment(process.env, cloud.url);
    const here = await start("aws");
    await expect(checkProviderInputs(here, urn, withoutKeys)).rejects.toThrow(/accessKey must be `local`/);
    await expect(configureProviderPlugin(here, withoutKeys)).rejects.toThrow(/accessKey must be `local`/);
    const elsewhere = await start("aws", { ...environment, MILLRACE_LOCAL_ENDPOINT: "" });
    await expect(checkProviderInputs(elsewhere, urn, inputs)).rejects.toThrow(/MILLRACE_LOCAL_ENDPOINT must be/);
    await expect(configureProviderPlugin(elsewhere, inputs)).rejects.toThrow(/MILLRACE_LOCAL_ENDPOINT must be/);
  });

  test("keeps its own words when no cloud answers", async () => {
    const nowhere = await start("aws", makeLocalEnvironment(process.env, "http://127.0.0.1:1"));
    await expect(configureProviderPlugin(nowhere, inputs)).rejects.toThrow(
      /No local cloud answers at http:\/\/127\.0\.0\.1:1/,
    );
  });
});

test("a provider tells the version of the SDK that uses it", async () => {
  const { client } = await start("aws");
  const told = await call(client, client.getPluginInfo, new plugin.Empty());
  const { version } = createRequire(import.meta.url)("@pulumi/aws/package.json") as { version: string };
  expect(told.getVersion()).toBe(version);
});

describe("the folder of executables", () => {
  test("holds both, executable, and the marker", async () => {
    expect(await readdir(localProviderDirectory)).toEqual([
      "LOCAL_PROVIDERS",
      "pulumi-resource-aws",
      "pulumi-resource-aws-native",
    ]);
    for (const name of ["aws", "aws-native"]) {
      await access(join(localProviderDirectory, `pulumi-resource-${name}`), constants.X_OK);
    }
  });

  test("starts with the project's Node, whatever is on PATH", async () => {
    const started = promisify(execFile)(join(localProviderDirectory, "pulumi-resource-aws"), ["127.0.0.1:1"], {
      env: { PATH: "/usr/bin:/bin" },
    });
    started.child.stdout?.once("data", () => started.child.kill());
    const { stdout } = await started.catch((error: { stdout: string }) => error);
    expect(stdout).toMatch(/^\d+\n$/);
  });
});

test("secrets reach the service in the clear and come back marked", async () => {
  const provider = await configureProviderPlugin(await start("aws"), inputs);
  const fn = await live(provider, "aws:lambda/function:Function", "fn");
  const environment = { variables: { WORD: secret("hush") } };
  const made = await fn.create({ role: "arn:aws:iam::000000000000:role/r", environment });
  expect(made.outputs.environment).not.toEqual(withoutSecrets(environment));
  expect(withoutSecrets(made.outputs.environment)).toEqual(withoutSecrets(environment));
  expect((await fn.read())?.inputs?.environment).toEqual(environment);
  await fn.remove();
});
