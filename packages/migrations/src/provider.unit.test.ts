import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { makeDirectory } from "../testing/migration-directory.ts";
import { openModel } from "../testing/model-warehouse.ts";
import { listMigrations } from "./migration-directory.ts";
import { makeProvider } from "./provider-functions.ts";
import type { MigrationsInputs, MigrationsOutputs } from "./provider-inputs.ts";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const inputs: MigrationsInputs & { __provider: string } = {
  region: "eu-west-1",
  workgroupName: "millrace-local",
  databaseName: "dev",
  adminSecretArn: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:redshift!millrace-local-admin-AbCdEf",
  streamName: "millrace-local",
  redshiftRoleArn: "arn:aws:iam::000000000000:role/millrace-local-redshift",
  migrations: [{ name: "V001__a", checksum: "a".repeat(64) }],
  __provider: "stub",
};
const outputs: MigrationsOutputs & { __provider: string } = {
  ...inputs,
  migrationsApplied: 1,
  ledgerChecksum: "b".repeat(64),
};

async function makeCase(files: Record<string, string>) {
  const directory = await makeDirectory(files);
  const model = openModel();
  const opened: boolean[] = [];
  const provider = makeProvider({
    directory,
    who: "ada@host",
    openWarehouse: () => {
      const place = opened.push(true) - 1;
      return { warehouse: model.connect().warehouse, close: () => void (opened[place] = false) };
    },
  });
  const migrations = (await listMigrations(directory)).map(({ name, checksum }) => ({ name, checksum }));
  return { provider, model, opened, inputs: { ...inputs, migrations } };
}

const good = {
  "V001__a.sql": "MAKE {{literal redshiftRoleArn}}",
  "V002__b.sql": "ADD {{identifier streamName}}",
  "R__c.sql": "ADD c",
};

describe("the provider's contract", () => {
  it("is these functions with these arguments, reachable by require()", () => {
    const required = createRequire(import.meta.url)("./provider.ts") as Record<string, Record<string, unknown>>;
    const arities = (object: object) =>
      Object.fromEntries(
        Object.entries(object)
          .filter(([, value]) => typeof value === "function")
          .map(([name, value]) => [name, (value as () => void).length])
          .sort(),
      );
    expect(arities(required)).toMatchInlineSnapshot(`
      {
        "check": 2,
        "create": 1,
        "delete": 2,
        "diff": 3,
        "read": 2,
        "update": 3,
      }
    `);
    expect(arities(required["provider"] ?? {})).toEqual(arities(required));
  });
});

describe("check", () => {
  it("lets good inputs through, with names and checksums only", async () => {
    const { provider } = await makeCase(good);
    const migrations = [{ name: "V001__a", checksum: "a".repeat(64), kind: "versioned" }];
    expect(await provider.check({}, { ...inputs, migrations })).toEqual({ inputs, failures: [] });
  });

  it("reports every failure", async () => {
    const { provider } = await makeCase(good);
    const { failures } = await provider.check({}, {
      region: "mars",
      workgroupName: "W",
      streamName: "Big",
      migrations: [],
    } as never);
    expect(failures.map(({ property }) => property)).toEqual([
      "region",
      "workgroupName",
      "databaseName",
      "adminSecretArn",
      "streamName",
      "redshiftRoleArn",
      "migrations",
    ]);
    expect(failures[2]?.reason).toBe("must be a lower-case database name, got nothing");
  });

  it("waits for what is not known yet", async () => {
    const { provider } = await makeCase(good);
    const news = { ...inputs, adminSecretArn: unknown, redshiftRoleArn: unknown, workgroupName: unknown };
    expect((await provider.check({}, news)).failures).toEqual([]);
  });
});

describe("diff", () => {
  it.each<[string, Partial<MigrationsInputs>, boolean, string[]]>([
    ["nothing", {}, false, []],
    ["the order of migrations", { migrations: [...outputs.migrations].reverse() }, false, []],
    ["the stub's text", { __provider: "other" } as never, false, []],
    ["the stream", { streamName: "other" }, true, []],
    ["the role", { redshiftRoleArn: unknown }, true, []],
    ["the secret", { adminSecretArn: `${inputs.adminSecretArn.slice(0, -6)}GhIjKl` }, true, []],
    ["a migration", { migrations: [{ name: "V001__a", checksum: "c".repeat(64) }] }, true, []],
    [
      "one more migration",
      { migrations: [...outputs.migrations, { name: "V002__b", checksum: "c".repeat(64) }] },
      true,
      [],
    ],
    ["the workgroup", { workgroupName: "other" }, true, ["workgroupName"]],
    ["region and database", { databaseName: "other", region: "eu-north-1" }, true, ["region", "databaseName"]],
    ["a workgroup that is not known yet", { workgroupName: unknown }, true, []],
  ])("for %s", async (_name, change, changes, replaces) => {
    const { provider } = await makeCase(good);
    expect(await provider.diff("id", outputs, { ...inputs, ...change })).toEqual({
      changes,
      replaces,
      deleteBeforeReplace: false,
    });
  });
});

describe("create, update and read", () => {
  it("applies the migrations and reports the ledger; the state then equals the inputs", async () => {
    const { provider, model, opened, inputs: news } = await makeCase(good);
    const { id, outs } = await provider.create(news);
    expect(id).toBe("millrace-local/dev");
    expect(outs).toMatchObject({
      migrations: news.migrations,
      migrationsApplied: 3,
      ledgerChecksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(outs).not.toHaveProperty("__provider");
    expect(
      model
        .state()
        .ledger.slice(1)
        .map((row) => row["applied_by"]),
    ).toEqual(["ada@host", "ada@host", "ada@host"]);
    expect(await provider.diff(id, outs, news)).toMatchObject({ changes: false });

    const state = { ...outs, __provider: "stub" };
    expect(await provider.update(id, state, news)).toEqual({ outs });
    const { __provider: stub, ...plain } = news;
    expect(await provider.read(id, state)).toEqual({ id, props: outs, inputs: plain });
    expect(stub).toBe("stub");
    expect(opened).toEqual([false, false, false]);
  });

  it("shows a ledger that lost a row as drift, which an update mends", async () => {
    const { provider, model, inputs: news } = await makeCase(good);
    const { id, outs } = await provider.create(news);
    await model.connect().warehouse.execute("DELETE FROM millrace.ledger WHERE name = 'R__c'");
    const { props } = await provider.read(id, outs);
    expect(props).toMatchObject({ migrationsApplied: 2, migrations: news.migrations.slice(0, 2) });
    expect(await provider.diff(id, props, news)).toMatchObject({ changes: true, replaces: [] });
    expect((await provider.update(id, props, news)).outs).toEqual(outs);
  });

  it("shows a warehouse without a ledger as nothing applied", async () => {
    const { provider } = await makeCase(good);
    expect((await provider.read("id", outputs)).props).toMatchObject({ migrations: [], migrationsApplied: 0 });
  });

  it("forgets on delete and leaves the warehouse alone", async () => {
    const { provider, opened } = await makeCase(good);
    expect(await provider.delete("id", outputs)).toBeUndefined();
    expect(opened).toEqual([]);
  });

  it("throws what Pulumi needs to keep a resource that is half made", async () => {
    const { provider, inputs: news } = await makeCase({ ...good, "V002__b.sql": "FAIL {{identifier streamName}}" });
    const error = await provider.create(news).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      id: "millrace-local/dev",
      message: expect.stringMatching(/^V002__b\.sql:1: ERROR: syntax error/),
      reasons: [expect.stringMatching(/^V002__b\.sql:1/)],
      properties: { __provider: "stub", migrationsApplied: 1, migrations: [{ name: "V001__a" }] },
    });
  });

  it("leaves no resource behind when nothing was applied", async () => {
    const { provider, inputs: news } = await makeCase({
      "V001__a.sql": "FAIL {{identifier streamName}} {{literal redshiftRoleArn}}",
    });
    const error = await provider.create(news).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty("id");
  });
});
