import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { makeDirectory } from "../testing/migration-directory.ts";
import { openModel } from "../testing/model-warehouse.ts";
import type { Disturbance } from "../testing/model-warehouse.ts";
import { migrate, throwIfFailed } from "./migrate.ts";
import type { MigrateOptions } from "./migrate.ts";
import { MigrationError } from "./migration-error.ts";

const files = {
  "V001__alone.sql": "--! no-transaction\n--! done-when: SELECT 1 FROM catalogue WHERE object = 'a'\nMAKE a;\n",
  "V002__two.sql": "-- two statements\nADD one;\nMAKE {{identifier streamName}};\n",
  "V003__alone_too.sql": "--! no-transaction\n--! done-when: SELECT 1 FROM catalogue WHERE object = 'b'\nMAKE b",
  "R__view.sql": "--! after: R__base\nADD view",
  "R__base.sql": "ADD base",
};
const order = ["V001__alone", "V002__two", "V003__alone_too", "R__base", "R__view"];
const statements = ["MAKE a", "ADD one", 'MAKE "s"', "MAKE b", "ADD base", "ADD view"];
const names = (entries: readonly { name: string }[]) => entries.map(({ name }) => name);
let directory: string;

beforeAll(async () => {
  directory = await makeDirectory(files);
});

function run(client: ReturnType<ReturnType<typeof openModel>["connect"]>, options: Partial<MigrateOptions> = {}) {
  return migrate({
    warehouse: client.warehouse,
    delay: client.delay,
    values: { streamName: "s" },
    directory,
    ...options,
  });
}

describe("migrate", () => {
  it("applies every file in order, and a second run looks once and changes nothing", async () => {
    const model = openModel();
    const seen: string[] = [];
    const first = await run(model.connect(), {
      onProgress: ({ name, state, number, count }) => seen.push(`${number}/${count} ${name} ${state}`),
    });
    expect(names(first.applied)).toEqual(order);
    expect(model.state().history).toEqual(statements);
    expect(seen.slice(0, 3)).toEqual(["1/5 V001__alone running", "1/5 V001__alone applied", "2/5 V002__two running"]);

    const before = model.state();
    const client = model.connect();
    const second = await run(client);
    expect(second).toMatchObject({ applied: [], notTried: [] });
    expect(names(second.alreadyApplied)).toEqual(order);
    expect(client.callCount()).toBe(1);
    expect(model.state()).toEqual(before);
  });

  it("runs a repeatable file again when its text changes, and nothing else", async () => {
    const copy = await makeDirectory(files);
    const model = openModel();
    await run(model.connect(), { directory: copy });
    await writeFile(join(copy, "R__base.sql"), "ADD base anew");
    const result = await run(model.connect(), { directory: copy });
    expect(names(result.applied)).toEqual(["R__base"]);
    expect(model.state().history.slice(statements.length)).toEqual(["ADD base anew"]);
    expect(model.state().ledger).toHaveLength(1 + 5);
  });

  it("stops at a statement that fails, tells where, and undoes the file it stands in", async () => {
    const broken = await makeDirectory({
      ...files,
      "V002__two.sql": "ADD one;\n\n-- why\nFAIL here, {{identifier streamName}}",
    });
    const model = openModel();
    const result = await run(model.connect(), { directory: broken });
    expect(names(result.applied)).toEqual(["V001__alone"]);
    expect(result.failed).toMatchObject({
      name: "V002__two",
      file: "V002__two.sql",
      line: 4,
      statement: 'FAIL here, "s"',
      message: 'ERROR: syntax error at or near "FAIL here, "s""',
    });
    expect(names(result.notTried)).toEqual(["V003__alone_too", "R__base", "R__view"]);
    expect(model.state().history).toEqual(["MAKE a"]);
    expect(() => throwIfFailed(result)).toThrow(/V002__two\.sql:4: ERROR: .*; 1 applied before it, 3 not tried/);
  });

  it("does not take an object that it finds for its own", async () => {
    const model = openModel();
    await model.connect().warehouse.execute("MAKE a");
    const result = await run(model.connect());
    expect(result.failed).toMatchObject({ name: "V001__alone", message: 'ERROR: relation "a" already exists' });
    expect(model.state().ledger.map((row) => row["kind"])).toEqual(["ledger"]);
  });

  it("refuses a changed versioned file before anything runs", async () => {
    const copy = await makeDirectory(files);
    const model = openModel();
    await run(model.connect(), { directory: copy, who: "ada@host" });
    await writeFile(join(copy, "V002__two.sql"), "ADD two; MAKE {{identifier streamName}}");
    await writeFile(join(copy, "R__base.sql"), "ADD other");
    const before = model.state();
    await expect(run(model.connect(), { directory: copy })).rejects.toThrow(
      /V002__two\.sql: its text is not the one applied by ada@host at .*; nothing was run/,
    );
    expect(model.state()).toEqual(before);
  });

  it("refuses other values under an applied file", async () => {
    const model = openModel();
    await run(model.connect());
    await expect(run(model.connect(), { values: { streamName: "t" } })).rejects.toThrow(
      /V002__two\.sql: applied .* with \{"streamName":"s"\}, now the values are \{"streamName":"t"\}/,
    );
  });

  it("refuses a ledger of a version that it does not know", async () => {
    const model = openModel();
    await run(model.connect());
    await model.connect().warehouse.execute("UPDATE millrace.ledger SET state = '3' WHERE name = '#ledger'");
    await expect(run(model.connect())).rejects.toThrow(
      /millrace\.ledger is of version 3, which this version of Millrace does not know; use a newer one; nothing was run/,
    );
  });

  it("refuses a ledger that is ahead of the files", async () => {
    const model = openModel();
    await run(model.connect());
    const older = await makeDirectory({
      "V001__alone.sql": files["V001__alone.sql"],
      "V002__two.sql": files["V002__two.sql"],
    });
    await expect(run(model.connect(), { directory: older })).rejects.toThrow(
      /V003__alone_too: the ledger holds it and there is no such file/,
    );
  });

  it("reports every fault of files and values at once, with file and line, and asks nobody", async () => {
    const bad = await makeDirectory({
      "V001__a.sql": "ADD 'x",
      "V002__b.sql": "ADD x;\nADD {{string streamName}}",
      "V003__Big.sql": "ADD x",
      "R__c.sql": "--! soon\nADD x",
    });
    const client = openModel().connect();
    const error = await run(client, { directory: bad }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MigrationError);
    expect((error as MigrationError).problems).toEqual([
      'R__c.sql:1: "--! soon" is no directive; known are no-transaction, done-when, after',
      "V001__a.sql:1: the string that starts here has no end",
      "V002__b.sql:2: {{string streamName}} is no placeholder; write {{identifier name}} or {{literal name}}",
      expect.stringMatching(/^V003__Big\.sql:1: migration files are called/),
    ]);
    expect(client.callCount()).toBe(0);
  });

  it("refuses unknown and unused values", async () => {
    const client = openModel().connect();
    await expect(run(client, { values: { streamNam: "s" } })).rejects.toThrow(
      /V002__two\.sql:3: there is no value for the placeholder streamName \(known: streamNam\)[^]*no file uses the value streamNam/,
    );
  });

  it("stops for a claim that nobody settled and no condition can tell about", async () => {
    const bare = await makeDirectory({ "V001__alone.sql": "--! no-transaction\nADD {{identifier streamName}}" });
    const model = openModel();
    const client = model.connect({ disturb: (call) => (call === 8 ? "answer lost" : undefined) });
    expect((await run(client, { directory: bare, who: "ada@host" })).failed?.message).toBe("socket hang up");
    await expect(run(model.connect(), { directory: bare })).rejects.toThrow(
      /V001__alone\.sql: claimed by ada@host at .* and never settled/,
    );
    expect(model.state().history).toEqual(['ADD "s"']);
  });

  it("stops between files when its signal is aborted", async () => {
    const controller = new AbortController();
    const model = openModel();
    const result = await run(model.connect(), {
      signal: controller.signal,
      onProgress: ({ state }) => state === "applied" && controller.abort(new Error("enough")),
    });
    expect(names(result.applied)).toEqual(["V001__alone"]);
    expect(result.failed).toMatchObject({ name: "V002__two", message: "enough" });
  });
});

describe("a run that is disturbed at any call", () => {
  const disturbances: readonly Disturbance[] = ["not sent", "answer lost", "carried out later"];
  const calls = Array.from({ length: 16 }, (_, index) => index + 1);

  it("makes no more calls than are disturbed here", async () => {
    const client = openModel().connect();
    await run(client);
    expect(client.callCount()).toBeLessThanOrEqual(calls.length);
  });

  describe.each(disturbances)("%s", (disturbance) => {
    it.each(calls)("and dies at call %i: the next run ends as if nothing had been", async (at) => {
      const model = openModel();
      await run(model.connect({ disturb: (call) => (call === at ? disturbance : undefined) })).catch(() => undefined);
      const second = await run(model.connect());
      expect(second.failed).toBeUndefined();
      expect(names([...second.applied, ...second.alreadyApplied]).sort()).toEqual([...order].sort());
      expectUndisturbed(model);
    });

    it.each(calls)("at call %i and goes on: one more run at most is needed", async (at) => {
      const model = openModel();
      await run(model.connect({ disturb: (call) => (call === at ? disturbance : undefined), survives: true })).catch(
        () => undefined,
      );
      expect((await run(model.connect())).failed).toBeUndefined();
      expectUndisturbed(model);
    });
  });

  it("is resumed however often it is disturbed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(...disturbances)), { maxLength: 8 }),
        async (plan) => {
          const model = openModel();
          for (const [at, disturbance] of plan) {
            await run(model.connect({ disturb: (call) => (call === at ? disturbance : undefined) })).catch(
              () => undefined,
            );
          }
          expect((await run(model.connect())).failed).toBeUndefined();
          expectUndisturbed(model);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("several runs at once", () => {
  const forever = { leaseMs: 1e9, lockPatienceMs: 1e9 };

  it("apply each file once between them, one run after the other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 8 }), async (scheduler, count) => {
        const model = openModel();
        const pause = () => scheduler.schedule(Promise.resolve());
        const runs = Array.from({ length: count }, () => run(model.connect({ pause }), forever));
        await scheduler.waitFor(Promise.all(runs));
        const results = await Promise.all(runs);
        for (const result of results) expect(result.failed).toBeUndefined();
        const applied = results.flatMap((result) => names(result.applied));
        expect(applied.sort()).toEqual([...order].sort());
        expectUndisturbed(model);
        expect(model.state().holders).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("say who has the lock, and give up when it is not given back in time", async () => {
    const model = openModel();
    const stuck = blockAt(model, 7);
    const first = run(stuck.client, { who: "ada@host" });
    await stuck.isBlocked;
    const waits: string[] = [];
    const second = run(model.connect(), {
      leaseMs: 1e9,
      lockPatienceMs: 2_000,
      onWait: ({ who, pid }) => waits.push(`${who} ${pid}`),
    });
    await expect(second).rejects.toThrow(
      /ada@host is migrating this warehouse since .* UTC \(process 1000\); waited 2 s/,
    );
    expect(waits).toEqual(["ada@host 1000"]);
    stuck.release();
    expect((await first).failed).toBeUndefined();
    expectUndisturbed(model);
  });

  it.each(Array.from({ length: 10 }, (_, index) => index + 4))(
    "one that pauses before its call %i for longer than the lease writes nothing when it wakes",
    async (at) => {
      const model = openModel();
      const sleeper = blockAt(model, at);
      const first = run(sleeper.client);
      await sleeper.isBlocked;
      const second = await run(model.connect());
      expect(second.failed).toBeUndefined();
      const before = model.state();
      sleeper.release();
      const outcome = await first.catch((error: unknown) => error as MigrationError);
      if (outcome instanceof MigrationError) expect(outcome.message).toMatch(/session of this run has ended/);
      else if (outcome.failed) expect(outcome.failed.message).toMatch(/session of this run has ended/);
      else expect(outcome.applied).toEqual([]);
      expect(model.state()).toEqual(before);
      expectUndisturbed(model);
    },
  );
});

/** A client whose call of that number waits until it is released. */
function blockAt(model: ReturnType<typeof openModel>, call: number) {
  const blocked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let seen = 0;
  const pause = async () => {
    seen += 1;
    if (seen !== call) return;
    blocked.resolve();
    await released.promise;
  };
  return { client: model.connect({ pause }), isBlocked: blocked.promise, release: () => released.resolve() };
}

/** Every statement was carried out once, in order, and every row says so. Repeatable ones may have run more than once. */
function expectUndisturbed(model: ReturnType<typeof openModel>): void {
  model.finishLate();
  const { history, ledger } = model.state();
  expect(history.filter((sql) => !/base|view/.test(sql))).toEqual(statements.slice(0, 4));
  expect(history.slice(-1)).toEqual(["ADD view"]);
  const rows = ledger.filter((row) => row["kind"] !== "ledger").map((row) => [row["name"], row["state"]]);
  expect(rows.sort()).toEqual(order.map((name) => [name, "applied"]).sort());
}
