import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  readConformance,
  titleOf,
  type ConformanceCase,
  type ConformanceFile,
} from "../testing/conformance/conformance-file.ts";
import { renderDocument } from "../testing/conformance/document.ts";
import { runCase } from "../testing/conformance/run-case.ts";
import { readApiConformance, type ApiCase } from "../testing/conformance/api-file.ts";
import { runApiCase } from "../testing/conformance/run-api-case.ts";
import { openMemoryDatabase, type TestDatabase } from "../testing/open-test-database.ts";

const DOCUMENT = join(import.meta.dirname, "../../../docs/local-redshift.md");
const apiFiles = await readApiConformance(join(import.meta.dirname, "../conformance/api"));
const files = await readConformance(join(import.meta.dirname, "../conformance"));
const held = new Set<ConformanceCase | ApiCase>();

let shared: Promise<TestDatabase> | undefined;
afterAll(async () => (await shared)?.[Symbol.asyncDispose]());

describe.each(files.filter((file) => file.fresh !== true))("$about ($path)", (file) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = isShareable(file) ? await (shared ??= openMemoryDatabase()) : await openWith(file);
  });
  afterAll(async () => {
    if (!isShareable(file)) await test[Symbol.asyncDispose]();
  });
  it.each(file.cases.map((one) => [titleOf(one), one] as const))("%s", async (_title, one) => {
    await runCase(one, test);
    held.add(one);
  });
});

describe.each(files.filter((file) => file.fresh === true))("$about ($path)", (file) => {
  it.each(file.cases.map((one) => [titleOf(one), one] as const))("%s", async (_title, one) => {
    await using test = await openWith(file);
    await runCase(one, test);
    held.add(one);
  });
});

describe.each(apiFiles)("$about ($path)", (file) => {
  it.each(file.cases.map((one) => [one.title, one] as const))("%s", async (_title, one) => {
    await runApiCase(one, file);
    held.add(one);
  });
});

it("docs/local-redshift.md says what the cases show", async () => {
  await expect(renderDocument([...files, ...apiFiles].map((file) => ({ ...file, held })))).toMatchFileSnapshot(
    DOCUMENT,
  );
});

/** Queries that need no table can do without a database of their own. */
function isShareable({ kind, setup, cases }: ConformanceFile): boolean {
  const isQuery = kind === "function" || kind === "expression" || kind === "type" || kind === "SUPER";
  return isQuery && setup === undefined && cases.every((one) => one.sql !== undefined && one.setup === undefined);
}

async function openWith(file: ConformanceFile): Promise<TestDatabase> {
  const test = await openMemoryDatabase();
  for (const stream of file.streams ?? []) test.streams.stream(stream);
  await test.run(...(file.setup ?? []));
  return test;
}
