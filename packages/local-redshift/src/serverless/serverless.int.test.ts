import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ExecuteStatementCommand } from "@aws-sdk/client-redshift-data";
import * as sdk from "@aws-sdk/client-redshift-serverless";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWarehouse, type RedshiftFixture, startFixture } from "../../testing/redshift-fixture.ts";

const password = "Given-Passw0rd";
const roleArn = "arn:aws:iam::000000000000:role/streaming";
let fixture: RedshiftFixture;

beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const createNamespace = (input: Partial<sdk.CreateNamespaceCommandInput> = {}) =>
  fixture.serverless.send(new sdk.CreateNamespaceCommand({ namespaceName: "events-ns", ...input }));
const createWorkgroup = (input: Partial<sdk.CreateWorkgroupCommandInput> = {}) =>
  fixture.serverless.send(
    new sdk.CreateWorkgroupCommand({ workgroupName: "events-wg", namespaceName: "events-ns", ...input }),
  );
const updateWorkgroup = (input: Partial<sdk.UpdateWorkgroupCommandInput>) =>
  fixture.serverless.send(new sdk.UpdateWorkgroupCommand({ workgroupName: "events-wg", ...input }));
const getWorkgroup = async () =>
  (await fixture.serverless.send(new sdk.GetWorkgroupCommand({ workgroupName: "events-wg" }))).workgroup;
const getNamespace = async () =>
  (await fixture.serverless.send(new sdk.GetNamespaceCommand({ namespaceName: "events-ns" }))).namespace;

describe("namespaces", () => {
  it("are answered with the service's defaults", async () => {
    const { namespace } = await createNamespace();
    expect(namespace).toMatchObject({
      namespaceName: "events-ns",
      adminUsername: "admin",
      dbName: "dev",
      kmsKeyId: "AWS_OWNED_KMS_KEY",
      iamRoles: [],
      logExports: [],
      status: "AVAILABLE",
    });
    expect(namespace?.namespaceArn).toBe(
      `arn:aws:redshift-serverless:eu-west-1:000000000000:namespace/${namespace?.namespaceId}`,
    );
    expect(namespace?.creationDate).toBeInstanceOf(Date);
    expect(await getNamespace()).toEqual(namespace);
  });

  it("keep a managed password in a secret that goes with them", async () => {
    const { namespace } = await createNamespace({ manageAdminPassword: true, adminUsername: "owner" });
    expect(fixture.secrets.names()).toEqual(["redshift!events-ns-owner"]);
    const arn = namespace?.adminPasswordSecretArn ?? "";
    const secret = JSON.parse((await fixture.secrets.get(arn)) ?? "") as { username: string; password: string };
    expect(secret.username).toBe("owner");
    expect(secret.password).toMatch(/^[\x21-\x7e]{32}$/);
    await fixture.serverless.send(new sdk.DeleteNamespaceCommand({ namespaceName: "events-ns" }));
    expect(fixture.secrets.names()).toEqual([]);
  });

  it("never store or answer a given password", async () => {
    const { namespace } = await createNamespace({ adminUserPassword: password, adminUsername: "owner" });
    expect(JSON.stringify(namespace)).not.toContain(password);
    expect(await readFile(join(fixture.directory, "serverless.json"), "utf8")).not.toContain(password);
    await createWorkgroup();
    const secretArn = await fixture.secrets.create("mine", JSON.stringify({ username: "owner", password }));
    await fixture.data.send(
      new ExecuteStatementCommand({
        WorkgroupName: "events-wg",
        Database: "dev",
        Sql: "select 1",
        SecretArn: secretArn,
        WaitTimeSeconds: 30,
      }),
    );
    expect(fixture.databases.executions.at(-1)?.user).toEqual({ name: "owner", superuser: true });
  });

  const refused: [string, Partial<sdk.CreateNamespaceCommandInput>, RegExp][] = [
    ["a name with capitals", { namespaceName: "Events" }, /namespaceName.*regular expression/],
    ["a short name", { namespaceName: "ev" }, /greater than or equal to 3/],
    ["two kinds of password", { adminUserPassword: password, manageAdminPassword: true }, /both adminUserPassword/],
    ["a weak password", { adminUserPassword: "password" }, /upper-case/],
    ["a password with a slash", { adminUserPassword: "Passw0rd/" }, /must not contain/],
    ["a key without a managed password", { adminPasswordSecretKmsKeyId: "k" }, /only with manageAdminPassword/],
    ["a default role that is not attached", { defaultIamRoleArn: roleArn }, /must be one of iamRoles/],
    ["an unknown log", { logExports: ["x" as sdk.LogExport] }, /enum value set/],
  ];
  it.each(refused)("refuse %s", async (_name, input, message) => {
    await expect(createNamespace(input)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(message) as string,
    });
    await expect(createNamespace(input)).rejects.not.toMatchObject({
      message: expect.stringContaining(input.adminUserPassword ?? "\0") as string,
    });
  });

  it("exist once", async () => {
    await createNamespace();
    await expect(createNamespace()).rejects.toMatchObject({ name: "ConflictException" });
    await expect(
      fixture.serverless.send(new sdk.GetNamespaceCommand({ namespaceName: "other" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException", message: "Serverless namespace other not found." });
  });

  it("change one kind of thing a request", async () => {
    await createNamespace();
    const update = (input: Partial<sdk.UpdateNamespaceCommandInput>) =>
      fixture.serverless.send(new sdk.UpdateNamespaceCommand({ namespaceName: "events-ns", ...input }));
    await update({ iamRoles: [roleArn], defaultIamRoleArn: roleArn });
    await update({ logExports: ["userlog"] });
    expect(await getNamespace()).toMatchObject({
      iamRoles: [`IamRole(applyStatus=in-sync, iamRoleArn=${roleArn})`],
      defaultIamRoleArn: roleArn,
      logExports: ["userlog"],
    });
    await expect(update({ logExports: [], iamRoles: [] })).rejects.toMatchObject({ name: "ValidationException" });
    await update({ manageAdminPassword: true });
    expect(fixture.secrets.names()).toEqual(["redshift!events-ns-admin"]);
    await update({ adminUserPassword: password });
    expect(fixture.secrets.names()).toEqual([]);
    expect((await getNamespace())?.adminPasswordSecretArn).toBeUndefined();
  });

  it("tell their database which roles are attached", async () => {
    await createNamespace();
    await createWorkgroup();
    const [settings] = fixture.databases.opened;
    expect(settings?.isRoleAttached(roleArn)).toBe(false);
    await fixture.serverless.send(
      new sdk.UpdateNamespaceCommand({ namespaceName: "events-ns", iamRoles: [roleArn], defaultIamRoleArn: roleArn }),
    );
    expect(settings?.isRoleAttached(roleArn)).toBe(true);
    expect(settings?.defaultRoleArn()).toBe(roleArn);
  });
});

describe("workgroups", () => {
  it("are answered with an endpoint and the whole set of parameters", async () => {
    await createNamespace();
    const { workgroup } = await createWorkgroup({
      baseCapacity: 8,
      configParameters: [{ parameterKey: "enable_case_sensitive_identifier", parameterValue: "true" }],
    });
    expect(workgroup).toMatchObject({
      workgroupName: "events-wg",
      namespaceName: "events-ns",
      baseCapacity: 8,
      status: "AVAILABLE",
      enhancedVpcRouting: false,
      publiclyAccessible: false,
      endpoint: { address: "events-wg.000000000000.eu-west-1.redshift-serverless.amazonaws.com", port: 5439 },
      configParameters: [
        { parameterKey: "auto_mv", parameterValue: "true" },
        { parameterKey: "datestyle", parameterValue: "ISO, MDY" },
        { parameterKey: "enable_case_sensitive_identifier", parameterValue: "true" },
        { parameterKey: "enable_user_activity_logging", parameterValue: "true" },
        { parameterKey: "max_query_execution_time", parameterValue: "14400" },
        { parameterKey: "query_group", parameterValue: "default" },
        { parameterKey: "require_ssl", parameterValue: "true" },
        { parameterKey: "search_path", parameterValue: "$user, public" },
        { parameterKey: "use_fips_ssl", parameterValue: "false" },
      ],
    });
    expect(await getWorkgroup()).toEqual(workgroup);
    expect((await createWarehouseOther()).workgroup?.baseCapacity).toBe(128);
  });

  async function createWarehouseOther() {
    await createNamespace({ namespaceName: "other-ns" });
    return createWorkgroup({ workgroupName: "other-wg", namespaceName: "other-ns" });
  }

  it.each([4, 8, 512, 544, 1024])("take %i RPU", async (baseCapacity) => {
    await createNamespace();
    expect((await createWorkgroup({ baseCapacity })).workgroup?.baseCapacity).toBe(baseCapacity);
  });

  it.each([0, 5, 12, 520, 1056])("refuse %i RPU", async (baseCapacity) => {
    await createNamespace();
    await expect(createWorkgroup({ baseCapacity })).rejects.toMatchObject({ name: "ValidationException" });
  });

  const refused: [string, Partial<sdk.CreateWorkgroupCommandInput>][] = [
    ["a port outside the ranges", { port: 5400 }],
    ["a maximum below the base", { baseCapacity: 16, maxCapacity: 8 }],
    ["two subnets with enhanced VPC routing", { subnetIds: ["a", "b"], enhancedVpcRouting: true }],
    ["an unknown parameter", { configParameters: [{ parameterKey: "x", parameterValue: "y" }] }],
    ["a price performance level between", { pricePerformanceTarget: { level: 60 } }],
  ];
  it.each(refused)("refuse %s", async (_name, input) => {
    await createNamespace();
    await expect(createWorkgroup(input)).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("change one thing a request", async () => {
    await createNamespace();
    await createWorkgroup({ baseCapacity: 8 });
    await updateWorkgroup({ maxCapacity: 64 });
    await updateWorkgroup({ baseCapacity: 16 });
    await updateWorkgroup({ configParameters: [{ parameterKey: "auto_mv", parameterValue: "false" }] });
    expect(await getWorkgroup()).toMatchObject({ baseCapacity: 16, maxCapacity: 64 });
    expect((await getWorkgroup())?.configParameters?.[0]).toEqual({ parameterKey: "auto_mv", parameterValue: "false" });
    await expect(updateWorkgroup({ baseCapacity: 32, publiclyAccessible: true })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Can't update multiple configurations at the same time for workgroup events-wg.",
    });
    await updateWorkgroup({ maxCapacity: -1 });
    expect((await getWorkgroup())?.maxCapacity).toBeUndefined();
  });

  it("need a namespace, and are alone with it", async () => {
    await expect(createWorkgroup()).rejects.toMatchObject({ message: "Serverless namespace events-ns not found." });
    await createNamespace();
    await createWorkgroup();
    await expect(createWorkgroup()).rejects.toMatchObject({ name: "ConflictException" });
    await expect(createWorkgroup({ workgroupName: "second-wg" })).rejects.toMatchObject({ name: "ConflictException" });
    await expect(
      fixture.serverless.send(new sdk.DeleteNamespaceCommand({ namespaceName: "events-ns" })),
    ).rejects.toMatchObject({ name: "ConflictException" });
  });

  it("open one file a database, close it with the workgroup and remove it with the namespace", async () => {
    await createNamespace();
    await createWorkgroup();
    const id = (await getNamespace())?.namespaceId ?? "";
    const [settings] = fixture.databases.opened;
    expect(settings?.file).toBe(join(fixture.directory, id, "dev.duckdb"));
    expect(fixture.databases.openDatabaseCount).toBe(1);
    const { workgroup } = await fixture.serverless.send(new sdk.DeleteWorkgroupCommand({ workgroupName: "events-wg" }));
    expect(workgroup?.status).toBe("DELETING");
    expect(fixture.databases.openDatabaseCount).toBe(0);
    expect(existsSync(join(fixture.directory, id))).toBe(true);
    await fixture.serverless.send(new sdk.DeleteNamespaceCommand({ namespaceName: "events-ns" }));
    expect(existsSync(join(fixture.directory, id))).toBe(false);
    await expect(getWorkgroup()).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Serverless workgroup events-wg not found.",
      resourceName: "events-wg",
    });
  });

  it("come with temporary credentials", async () => {
    await createWarehouse(fixture);
    const answer = await fixture.serverless.send(new sdk.GetCredentialsCommand({ workgroupName: "events-wg" }));
    expect(answer.dbUser).toBe("IAM:local");
    const seconds = ((answer.expiration?.getTime() ?? 0) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(890);
    expect(seconds).toBeLessThanOrEqual(900);
  });
});

describe("usage limits and tags", () => {
  it("are kept for a workgroup", async () => {
    const { serverless } = fixture;
    await createNamespace();
    const { workgroup } = await createWorkgroup({ tags: [{ key: "stage", value: "local" }] });
    const resourceArn = workgroup?.workgroupArn ?? "";
    const input = { resourceArn, usageType: "serverless-compute", amount: 60 } as const;
    const { usageLimit } = await serverless.send(new sdk.CreateUsageLimitCommand(input));
    expect(usageLimit).toMatchObject({ ...input, period: "monthly", breachAction: "log" });
    await expect(serverless.send(new sdk.CreateUsageLimitCommand(input))).rejects.toMatchObject({
      name: "ConflictException",
    });
    const usageLimitId = usageLimit?.usageLimitId;
    await serverless.send(new sdk.UpdateUsageLimitCommand({ usageLimitId, breachAction: "emit-metric" }));
    expect((await serverless.send(new sdk.ListUsageLimitsCommand({ resourceArn }))).usageLimits).toMatchObject([
      { usageLimitId, breachAction: "emit-metric", amount: 60 },
    ]);
    await serverless.send(new sdk.DeleteUsageLimitCommand({ usageLimitId }));
    await expect(serverless.send(new sdk.GetUsageLimitCommand({ usageLimitId }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });

    await serverless.send(new sdk.TagResourceCommand({ resourceArn, tags: [{ key: "owner", value: "us" }] }));
    await serverless.send(new sdk.UntagResourceCommand({ resourceArn, tagKeys: ["stage"] }));
    expect((await serverless.send(new sdk.ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([
      { key: "owner", value: "us" },
    ]);
  });
});

describe("the state", () => {
  it("is there after a restart, and databases of workgroups are open again", async () => {
    await createWarehouse(fixture);
    await createNamespace({ namespaceName: "idle-ns" });
    const before = [await getNamespace(), await getWorkgroup()];
    await fixture.restart();
    expect([await getNamespace(), await getWorkgroup()]).toEqual(before);
    expect(fixture.databases.opened).toHaveLength(2);
    expect(fixture.databases.openDatabaseCount).toBe(1);
    const names = await fixture.serverless.send(new sdk.ListNamespacesCommand({ maxResults: 1 }));
    expect(names.namespaces?.map(({ namespaceName }) => namespaceName)).toEqual(["events-ns"]);
    const rest = await fixture.serverless.send(new sdk.ListNamespacesCommand({ nextToken: names.nextToken }));
    expect(rest.namespaces?.map(({ namespaceName }) => namespaceName)).toEqual(["idle-ns"]);
  });

  it("is never overwritten when it cannot be read", async () => {
    await writeFile(join(fixture.directory, "serverless.json"), "{");
    await expect(fixture.restart()).rejects.toThrow(/serverless\.json is not JSON/);
  });

  it("passes through CREATING, MODIFYING and DELETING when it is told to", async () => {
    let now = Date.now();
    const slow = await startFixture({ stateDelayMs: 1000, now: () => now });
    try {
      const { serverless } = slow;
      await serverless.send(new sdk.CreateNamespaceCommand({ namespaceName: "events-ns" }));
      now += 1000;
      const created = await serverless.send(
        new sdk.CreateWorkgroupCommand({ workgroupName: "events-wg", namespaceName: "events-ns" }),
      );
      expect(created.workgroup?.status).toBe("CREATING");
      await expect(
        slow.data.send(new ExecuteStatementCommand({ WorkgroupName: "events-wg", Database: "dev", Sql: "select 1" })),
      ).rejects.toMatchObject({ message: "Redshift endpoint is not available." });
      await expect(
        serverless.send(new sdk.UpdateWorkgroupCommand({ workgroupName: "events-wg", port: 5440 })),
      ).rejects.toMatchObject({ name: "ConflictException" });
      now += 1000;
      await serverless.send(new sdk.DeleteWorkgroupCommand({ workgroupName: "events-wg" }));
      expect((await serverless.send(new sdk.ListWorkgroupsCommand())).workgroups).toMatchObject([
        { status: "DELETING" },
      ]);
      now += 1000;
      expect((await serverless.send(new sdk.ListWorkgroupsCommand())).workgroups).toEqual([]);
    } finally {
      await slow.close();
    }
  });
});

describe("snapshots", () => {
  it("are noted, listed newest first, kept for their days and gone after them", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const held = await startFixture({ now: () => now });
    try {
      const { serverless } = held;
      await createWarehouse(held);
      const snapshotName = "before-upgrade";
      const { snapshot } = await serverless.send(
        new sdk.CreateSnapshotCommand({ namespaceName: "events-ns", snapshotName, retentionPeriod: 2 }),
      );
      expect(snapshot).toMatchObject({ snapshotName, status: "AVAILABLE", snapshotRemainingDays: 2 });
      now += 1000;
      await serverless.send(new sdk.CreateSnapshotCommand({ namespaceName: "events-ns", snapshotName: "later" }));
      const { snapshots } = await serverless.send(new sdk.ListSnapshotsCommand({ namespaceName: "events-ns" }));
      expect(snapshots?.map((one) => [one.snapshotName, one.snapshotRetentionPeriod])).toEqual([
        ["later", -1],
        [snapshotName, 2],
      ]);
      const since = { startTime: new Date(now) };
      expect((await serverless.send(new sdk.ListSnapshotsCommand(since))).snapshots).toHaveLength(1);
      await expect(
        serverless.send(new sdk.CreateSnapshotCommand({ namespaceName: "events-ns", snapshotName })),
      ).rejects.toMatchObject({ name: "ConflictException" });
      now += 24 * 60 * 60 * 1000;
      await serverless.send(new sdk.UpdateSnapshotCommand({ snapshotName: "later", retentionPeriod: 1 }));
      await held.restart();
      now += 24 * 60 * 60 * 1000;
      expect((await serverless.send(new sdk.ListSnapshotsCommand())).snapshots).toEqual([]);
      await expect(serverless.send(new sdk.GetSnapshotCommand({ snapshotName }))).rejects.toMatchObject({
        name: "ResourceNotFoundException",
      });
    } finally {
      await held.close();
    }
  });

  it("are left behind by a namespace that goes with a final one", async () => {
    await createNamespace();
    const finalSnapshotName = "last";
    await fixture.serverless.send(new sdk.DeleteNamespaceCommand({ namespaceName: "events-ns", finalSnapshotName }));
    const { snapshot } = await fixture.serverless.send(new sdk.GetSnapshotCommand({ snapshotName: finalSnapshotName }));
    expect(snapshot).toMatchObject({ namespaceName: "events-ns", snapshotRetentionPeriod: -1 });
    const deleted = await fixture.serverless.send(new sdk.DeleteSnapshotCommand({ snapshotName: finalSnapshotName }));
    expect(deleted.snapshot?.status).toBe("DELETED");
    expect((await fixture.serverless.send(new sdk.ListSnapshotsCommand())).snapshots).toEqual([]);
  });
});

it("a recovery point is there for each half hour of the last day", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const held = await startFixture({ now: () => now });
  try {
    await createWarehouse(held);
    now += 95 * 60 * 1000;
    const list = async () => (await held.serverless.send(new sdk.ListRecoveryPointsCommand())).recoveryPoints ?? [];
    const times = (await list()).map((point) => point.recoveryPointCreateTime?.toISOString());
    expect(times).toEqual(["2026-01-01T01:30:00.000Z", "2026-01-01T01:00:00.000Z", "2026-01-01T00:30:00.000Z"]);
    const [newest] = await list();
    const found = await held.serverless.send(
      new sdk.GetRecoveryPointCommand({ recoveryPointId: newest!.recoveryPointId! }),
    );
    expect(found.recoveryPoint).toEqual(newest);
    now += 3 * 24 * 60 * 60 * 1000;
    expect(await list()).toHaveLength(48);
  } finally {
    await held.close();
  }
});

describe("operations that are not built", () => {
  it("say so", async () => {
    await expect(fixture.serverless.send(new sdk.ListTracksCommand())).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: "The operation ListTracks is not built in this local Redshift Serverless.",
    });
  });
});
