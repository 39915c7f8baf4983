import { join } from "node:path";
import { expect, it } from "vitest";
import { isStatement, readConformance, stepsOf } from "../../../testing/conformance/conformance-file.ts";
import { openMemoryDatabase, type TestDatabase } from "../../../testing/open-test-database.ts";
import { parseStatement } from "../../sql/parse-statement.ts";

const files = (await readConformance(join(import.meta.dirname, "../../../conformance"))).filter(
  ({ kind, streams }) => streams === undefined && ["expression", "SUPER", "function"].includes(kind),
);
const changing = ["random", "getdate", "sysdate", "now", "current_", "timeofday", "pid"];

/** The queries of a file that a view can be made of. */
function queriesOf(file: (typeof files)[number]): readonly string[] {
  const steps = file.cases.flatMap((one) => (one.setup === undefined ? stepsOf(one) : []));
  return steps.flatMap((step) => {
    if (!isStatement(step) || step.rows === undefined || step.as !== undefined || step.parameters !== undefined)
      return [];
    const isFixed = !changing.some((word) => step.sql.toLowerCase().includes(word));
    return isFixed && parseStatement(step.sql).kind === "query" ? [step.sql] : [];
  });
}

/** What a view of the query gives, and what its definition gives; `undefined` for a query that no view can be made of, or that fails. */
async function bothOf(sql: string, test: TestDatabase) {
  try {
    await test.run("DROP VIEW IF EXISTS probe", `CREATE VIEW probe AS ${sql}`);
    const rows = sorted(await test.rows("SELECT * FROM probe"));
    const [[text] = []] = await test.rows("SELECT definition FROM pg_views WHERE viewname = 'probe'");
    return { rows, text: text as string };
  } catch {
    return undefined;
  }
}

const sorted = (rows: readonly unknown[]) =>
  rows.map((row) => JSON.stringify(row, (_key, cell: unknown) => (typeof cell === "bigint" ? `${cell}` : cell))).sort();

async function expectSame(file: (typeof files)[number], test: TestDatabase): Promise<void> {
  for (const sql of queriesOf(file)) {
    const both = await bothOf(sql, test);
    if (both === undefined) continue;
    expect(both.text, "is written out").toMatch(/;$/);
    expect(sorted(await test.rows(both.text)), both.text).toEqual(both.rows);
  }
}

it("a view's definition gives what the view gives", async () => {
  await using test = await openMemoryDatabase();
  for (const file of files) if (file.setup === undefined) await expectSame(file, test);
});

it.each(files.filter((file) => file.setup !== undefined).map((file) => [file.about, file] as const))(
  "%s: a view's definition gives what the view gives",
  async (_about, file) => {
    await using test = await openMemoryDatabase();
    await test.run(...file.setup!);
    await expectSame(file, test);
  },
);
