import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBaseCapacity, settingKeys } from "./setting-keys.ts";
import { readSettings, type Settings, SettingsError } from "./settings.ts";

const region = { "aws:region": "eu-west-1" };

function read(config: Record<string, string>, stage = "dev", secrets: readonly string[] = []): Settings {
  return readSettings({ stage, config: { ...region, ...config }, isSecret: (key) => secrets.includes(key) });
}

function problems(config: Record<string, string>, stage = "dev", secrets: readonly string[] = []): readonly string[] {
  try {
    read(config, stage, secrets);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe("defaults", () => {
  it("are those of a stage to try things on", () => {
    expect(read({})).toEqual({
      stage: "dev",
      isProduction: false,
      region: "eu-west-1",
      stream: { mode: "ON_DEMAND", shardCount: undefined, retentionHours: 24, key: "aws-managed" },
      warehouse: {
        databaseName: "dev",
        adminUsername: "admin",
        givenAdmin: undefined,
        namespaceName: "millrace-dev",
        workgroupName: "millrace-dev",
        baseCapacity: 8,
        maxCapacity: 64,
        usageLimit: { amountRpuHours: 192, period: "daily", breachAction: "emit-metric" },
        publiclyAccessible: false,
        enhancedVpcRouting: false,
        logExports: ["userlog", "connectionlog", "useractivitylog"],
      },
      network: { kind: "default-vpc" },
      producer: {
        scheduleEnabled: false,
        scheduleExpression: "rate(1 minute)",
        scheduleEventCount: 5,
        logRetentionDays: 14,
      },
      protectData: false,
    });
  });

  it("keep a week and protect data in production, by any of its names", () => {
    const network = {
      "millrace:subnetIds": '["subnet-0000000a","subnet-0000000b","subnet-0000000c"]',
      "millrace:securityGroupIds": '["sg-00000001"]',
    };
    for (const stage of ["production", "production-eu"]) {
      expect(read(network, stage)).toMatchObject({ stream: { retentionHours: 168 }, protectData: true });
    }
    expect(read(network, "productionish")).toMatchObject({ isProduction: false });
  });
});

describe("a wrong configuration", () => {
  it("is reported as a whole, in one error", () => {
    const config = {
      "aws:region": "Ireland",
      "aws:profile": "mine",
      "aws:assumeRoles": "[]",
      "aws:accessKey": "AKIA",
      "millrace:retentionHours": "12",
      "millrace:retentionhours": "24",
      "millrace:baseCapacity": "12",
      "millrace:publiclyAccessible": "yes",
      "millrace:shardCount": "2",
      "millrace:logExports": '["userlog","userlog"]',
      "elsewhere:key": "1",
    };
    expect(problems(config, "Dev")).toMatchInlineSnapshot(`
      [
        "the stack's name is part of resource names and must be 1 to 30 characters of a-z, 0-9 and -, beginning with a letter, got "Dev"",
        "aws:region must be a region such as eu-west-1, got "Ireland"",
        "aws:profile is not taken: it would move the resources to another account but not the SQL of the migrations; set the environment variable AWS_PROFILE instead, which moves both",
        "aws:assumeRoles is not taken: it would move the resources to another account but not the SQL of the migrations; set the environment variable AWS_PROFILE instead, which moves both",
        "aws:accessKey is not taken: the program makes its own providers, which read aws:region alone; credentials come from the environment",
        "millrace:retentionHours must be an integer from 24 to 8760, in hours, got "12"",
        "millrace:retentionhours is not a setting of this program; packages/infra/README.md lists them all",
        "millrace:baseCapacity must be 4, a multiple of 8 from 8 to 512, or a multiple of 32 from 544 to 1024, in RPU, got "12"",
        "millrace:publiclyAccessible must be true or false, got "yes"",
        "millrace:logExports must be a list of 0 to 3 different values, each one of userlog, connectionlog, useractivitylog, got "["userlog","userlog"]"",
        "elsewhere:key is not a setting of this program; packages/infra/README.md lists them all",
        "millrace:shardCount goes with millrace:streamMode PROVISIONED only: an ON_DEMAND stream has as many shards as it needs",
      ]
    `);
  });

  it("says that nothing was changed and which file to look at", () => {
    expect(() => read({ "millrace:oops": "1" })).toThrow(
      /^stacks\/Pulumi\.dev\.yaml has 1 problem; nothing was changed:\n {2}- /,
    );
  });

  it("does not show a secret", () => {
    const found = problems({ "millrace:adminUserPassword": "hunter2", "millrace:databaseName": "s p" }, "dev", [
      "millrace:databaseName",
    ]);
    expect(found).toHaveLength(2);
    expect(found.join()).not.toMatch(/hunter2|s p/);
  });
});

describe("settings that go together", () => {
  const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:admin-AbCdEf";

  it.each<[string, Record<string, string>, RegExp]>([
    ["a provisioned stream without shards", { streamMode: "PROVISIONED" }, /shardCount is missing/],
    ["shards of an on-demand stream", { shardCount: "2" }, /PROVISIONED only/],
    ["a maximum below the base", { baseCapacity: "64", maxCapacity: "32" }, /must not be below/],
    ["deactivate with a day of retention", { usageLimitBreachAction: "deactivate" }, /168 or more/],
    ["an amount for a limit that is off", { usageLimitEnabled: "false", usageLimitRpuHours: "5" }, /must be left out/],
    [
      "subnets without security groups",
      { subnetIds: '["subnet-0000000a","subnet-0000000b","subnet-0000000c"]' },
      /go together/,
    ],
    ["a secret without a password", { adminSecretArn: arn }, /go together/],
  ])("refuses %s", (_, settings, expected) => {
    expect(problems(prefixed(settings))).toEqual([expect.stringMatching(expected)]);
  });

  it("refuses a password in the clear, and takes it as a secret with the secret that holds it", () => {
    const config = prefixed({ adminUserPassword: "Correct1Horse", adminSecretArn: arn });
    expect(problems(config)).toEqual([expect.stringMatching(/in the clear/)]);
    expect(read(config, "dev", ["millrace:adminUserPassword"]).warehouse.givenAdmin).toEqual({
      password: "Correct1Horse",
      secretArn: arn,
    });
  });

  it("refuses a public warehouse and a missing network in production", () => {
    expect(problems(prefixed({ publiclyAccessible: "true" }), "production")).toEqual([
      expect.stringContaining("publiclyAccessible"),
      expect.stringContaining("subnetIds is missing"),
      expect.stringContaining("securityGroupIds is missing"),
    ]);
  });

  it("allows deactivate with a week of retention", () => {
    expect(problems(prefixed({ usageLimitBreachAction: "deactivate", retentionHours: "168" }))).toEqual([]);
  });
});

describe("single settings", () => {
  it("take the base capacities that AWS takes, and no others", () => {
    const taken = Array.from({ length: 1200 }, (_, rpu) => rpu).filter(isBaseCapacity);
    expect(taken.slice(0, 3)).toEqual([4, 8, 16]);
    expect(taken.slice(-2)).toEqual([992, 1024]);
    expect(taken).toHaveLength(1 + 64 + 16);
    expect(taken.filter((rpu) => rpu > 504 && rpu < 600)).toEqual([512, 544, 576]);
  });

  it("take a password exactly when it keeps Redshift's rules", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 66, unit: "grapheme-ascii" }), (text) => {
        const allowed =
          /^[!-~]{8,64}$/.test(text) &&
          !/["'/@\\]/.test(text) &&
          /[a-z]/.test(text) &&
          /[A-Z]/.test(text) &&
          /\d/.test(text);
        expect(settingKeys.adminUserPassword.read(text) !== undefined).toBe(allowed);
      }),
    );
  });

  it.each(["rate(1 minute)", "rate(5 minutes)", "cron(0 12 * * ? *)", "at(2026-12-01T00:00:00)"])(
    "take the schedule %s",
    (text) => {
      expect(settingKeys.scheduleExpression.read(text)).toBe(text);
    },
  );

  it("are all in the README", async () => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    for (const key of Object.keys(settingKeys)) expect(readme, key).toContain(`\`${key}\``);
  });
});

function prefixed(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`millrace:${key}`, value]));
}
