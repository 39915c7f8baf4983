import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeDirectory } from "../testing/migration-directory.ts";
import { makeMigration } from "./make-migration.ts";
import { MigrationError } from "./migration-error.ts";

it("takes the next number, and a title as people write it", async () => {
  const directory = await makeDirectory({
    "V001__a.sql": "SELECT 1",
    "V002__b.sql": "SELECT 1",
    "R__c.sql": "SELECT 1",
  });
  expect(await makeMigration("Add orders-table", { directory })).toBe(join(directory, "V003__add_orders_table.sql"));
  expect(await makeMigration("next", { directory })).toBe(join(directory, "V004__next.sql"));
});

it("begins with 1, and repeatable files have no number", async () => {
  const directory = await makeDirectory({});
  expect(await makeMigration("first", { directory })).toBe(join(directory, "V001__first.sql"));
  expect(await makeMigration("view", { directory, kind: "repeatable" })).toBe(join(directory, "R__view.sql"));
});

it("overwrites nothing and takes no title that would be no file name", async () => {
  const directory = await makeDirectory({ "R__view.sql": "SELECT 1" });
  await expect(makeMigration("view", { directory, kind: "repeatable" })).rejects.toThrow(
    /R__view\.sql is there already/,
  );
  expect(await readFile(join(directory, "R__view.sql"), "utf8")).toBe("SELECT 1");
  await expect(makeMigration("../x", { directory })).rejects.toThrow(MigrationError);
});
