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
import { openTestDatabase, type TestDatabase } from "../testing/open-test-database.ts";

const DOCUMENT = join(import.meta.dirname, "../../../docs/local-redshift.md");
const files = await readConformance(join(import.meta.dirname, "../conformance"));
const held = new Set<ConformanceCase>();

describe.each(files.filter((file) => file.fresh !== true))("$about ($path)", (file) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openWith(file);
  });
  afterAll(async () => {
    await test[Symbol.asyncDispose]();
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

it("docs/local-redshift.md says what the cases show", async () => {
  await expect(renderDocument(files.map((file) => ({ ...file, held })))).toMatchFileSnapshot(DOCUMENT);
});

async function openWith(file: ConformanceFile): Promise<TestDatabase> {
  const test = await openTestDatabase();
  await test.run(...(file.setup ?? []));
  return test;
}
