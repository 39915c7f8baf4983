import { describe, expect, it } from "vitest";
import { defaultLimits } from "./limits.ts";
import { createRateCheck } from "./request-rates.ts";
import { createStatement, type Statement } from "./statement.ts";
import { createStatementStore } from "./statement-store.ts";

const login = { warehouse: {}, workgroupName: "w", database: "dev" } as unknown as Statement["login"];

function statementAt(createdAt: number, number: number): Statement {
  return createStatement({
    id: `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`,
    queryId: number,
    login,
    sqls: ["select 1"],
    partParameters: [undefined],
    isBatch: false,
    executionMode: "TRANSACTION",
    statementName: undefined,
    parameters: undefined,
    resultFormat: "JSON",
    withEvent: false,
    sessionId: undefined,
    createdAt,
  });
}

function finish(statement: Statement): void {
  statement.status = "FINISHED";
  statement.settle();
}

describe("a statement store", () => {
  it("forgets the oldest settled statements when there are too many", () => {
    const store = createStatementStore({
      limits: { ...defaultLimits, maxStatements: 2 },
      now: () => 1_000_000,
      heldBytes: () => 0,
    });
    const statements = [1, 2, 3].map((number) => statementAt(1_000_000, number));
    for (const statement of statements) {
      store.add(statement);
      finish(statement);
    }
    expect(store.list()).toEqual([statements[2], statements[1]]);
    expect(() => store.find(statements[0]?.id ?? "")).toThrow("as it has expired after 1000.");
  });

  it("forgets statements older than five minutes when results hold half of the memory", () => {
    let now = 0;
    let held = 0;
    const store = createStatementStore({ limits: defaultLimits, now: () => now, heldBytes: () => held });
    const old = statementAt(0, 1);
    store.add(old);
    finish(old);
    now = 4 * 60_000;
    const recent = statementAt(now, 2);
    store.add(recent);
    finish(recent);
    held = defaultLimits.maxMemoryBytes;
    expect(store.list()).toEqual([recent, old]);
    now = 5 * 60_000;
    expect(store.list()).toEqual([recent]);
  });

  it("takes as many active statements as the limit says", async () => {
    const store = createStatementStore({
      limits: { ...defaultLimits, maxActiveStatements: 2 },
      now: () => 0,
      heldBytes: () => 0,
    });
    const [first, second, third] = [1, 2, 3].map((number) => statementAt(0, number)) as [
      Statement,
      Statement,
      Statement,
    ];
    store.add(first);
    store.add(second);
    expect(() => store.add(third)).toThrow(expect.objectContaining({ type: "ActiveStatementsExceededException" }));
    finish(first);
    await first.settled;
    expect(() => store.add(third)).not.toThrow();
  });
});

describe("request rates", () => {
  it("are AWS's, second by second", () => {
    let now = 0;
    const check = createRateCheck(() => now);
    for (let call = 0; call < 3; call++) check("ListTables");
    expect(() => check("ListTables")).toThrow(expect.objectContaining({ type: "ThrottlingException", status: 400 }));
    expect(() => check("ExecuteStatement")).not.toThrow();
    now += 400;
    expect(() => check("ListTables")).not.toThrow();
    expect(() => check("ListTables")).toThrow();
  });
});
