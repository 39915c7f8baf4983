import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeDirectory } from "../testing/migration-directory.ts";
import { openModel } from "../testing/model-warehouse.ts";
import { inspectMigrations } from "./inspect.ts";
import { migrate } from "./migrate.ts";

const files = {
  "V001__alone.sql": "--! no-transaction\nMAKE a;\n",
  "V002__two.sql": "ADD one;\n\nADD {{identifier streamName}};\n",
  "R__view.sql": "ADD view",
};
const values = { streamName: "s" };
type Model = ReturnType<typeof openModel>;
const inspect = (model: Model, directory: string) =>
  inspectMigrations({ warehouse: model.connect().warehouse, values, directory });
const statesOf = async (model: Model, directory: string) =>
  (await inspect(model, directory)).migrations.map(({ name, state }) => `${name} ${state}`);

it("shows all of a new warehouse as pending, with the SQL, and leaves it as it is", async () => {
  const model = openModel();
  const before = model.state();
  const { migrations, problems, holder } = await inspect(model, await makeDirectory(files));
  expect(migrations.map(({ name, state, runsAlone, statements }) => [name, state, runsAlone, statements])).toEqual([
    ["V001__alone", "pending", true, [{ sql: "MAKE a", line: 2 }]],
    [
      "V002__two",
      "pending",
      false,
      [
        { sql: "ADD one", line: 1 },
        { sql: 'ADD "s"', line: 3 },
      ],
    ],
    ["R__view", "pending", false, [{ sql: "ADD view", line: 1 }]],
  ]);
  expect([problems, holder]).toEqual([[], undefined]);
  expect(model.state()).toEqual(before);
});

it("tells applied, changed and refused files apart, and by whom they were applied", async () => {
  const model = openModel();
  const directory = await makeDirectory(files);
  const client = model.connect();
  await migrate({ warehouse: client.warehouse, delay: client.delay, values, directory, who: "ada@host" });
  expect(await statesOf(model, directory)).toEqual(["V001__alone applied", "V002__two applied", "R__view applied"]);
  expect((await inspect(model, directory)).migrations[0]).toMatchObject({ appliedBy: "ada@host" });
  await writeFile(join(directory, "R__view.sql"), "ADD view anew");
  await writeFile(join(directory, "V002__two.sql"), "ADD three; ADD {{identifier streamName}}");
  expect(await statesOf(model, directory)).toEqual(["V001__alone applied", "V002__two refused", "R__view changed"]);
  expect((await inspect(model, directory)).problems).toEqual([
    expect.stringMatching(/^V002__two\.sql: its text is not/),
  ]);
});

it("shows what another run is at, and who that is", async () => {
  const model = openModel();
  const directory = await makeDirectory({
    "V001__alone.sql": "--! no-transaction\n--! done-when: SELECT 1 FROM catalogue WHERE object = 'a'\nMAKE a;\n",
    "V002__two.sql": files["V002__two.sql"],
  });
  const died = model.connect({ disturb: (call) => (call === 8 ? "not sent" : undefined) });
  await migrate({ warehouse: died.warehouse, delay: died.delay, values, directory, who: "ben@host" });
  expect(await statesOf(model, directory)).toEqual(["V001__alone unfinished", "V002__two pending"]);
  expect((await inspect(model, directory)).holder).toMatchObject({ who: "ben@host", pid: 1000 });
});
