import { describe, expect, it } from "vitest";
import { parseMigration, renderMigration } from "./migration-file.ts";
import { orderMigrations } from "./migration-order.ts";

const render = (name: string, text: string) => renderMigration(parseMigration(name, text), {});

describe("parseMigration", () => {
  it("reads name, number, directives and placeholders", () => {
    const file = parseMigration(
      "V012__a_b2",
      "\n--! no-transaction\n--! done-when: SELECT 1 FROM c\n-- why\nMAKE {{literal role}}",
    );
    expect(file).toMatchObject({
      kind: "versioned",
      version: 12,
      directives: { noTransaction: true, doneWhen: "SELECT 1 FROM c", after: [] },
      placeholders: ["role"],
    });
    expect(parseMigration("R__x", "--! after: R__a, R__b\nSELECT 1").directives.after).toEqual(["R__a", "R__b"]);
  });

  it.each([
    ["V1__x", "SELECT 1", /migration files are called/],
    ["V001_x", "SELECT 1", /migration files are called/],
    ["R__X", "SELECT 1", /migration files are called/],
    ["V001__x", "--! soon", /"--! soon" is no directive; known are no-transaction, done-when, after/],
    ["V001__x", "--! no-transaction\n--! no-transaction", /given twice/],
    ["V001__x", "--! no-transaction: yes", /takes no value/],
    ["V001__x", "--! done-when", /takes a value/],
    ["V001__x", "-- why\n--! no-transaction", /stand at the top/],
    ["V001__x", "--! done-when: SELECT 1\nMAKE x", /done-when belongs to no-transaction/],
    ["V001__x", "--! no-transaction\n--! done-when: DROP TABLE x", /must be a SELECT/],
    ["V001__x", "--! after: R__x", /after is for repeatable files/],
    ["R__x", "--! no-transaction", /a repeatable file runs in a transaction/],
  ])("refuses %s with %j", (name, text, message) => {
    expect(() => parseMigration(name, text)).toThrow(message);
  });
});

describe("renderMigration", () => {
  it.each([
    ["-- nothing", /has no statement/],
    ["--! no-transaction\nMAKE a; MAKE b", /a no-transaction file has one statement, this one has 2/],
    ["SELECT 1;".repeat(37), /at most 36 statements, to run as one transaction; this one has 37/],
    [`SELECT '${"x".repeat(200_000)}'`, /at most 200000 bytes/],
    ["SELECT 1; commit", /commit is not for migrations/],
  ])("refuses %.40s", (text, message) => {
    expect(() => render("V001__x", text)).toThrow(message);
  });

  it("says which values a file uses, whatever their order", () => {
    const file = parseMigration("V001__x", "SELECT {{literal b}}, {{literal a}}");
    expect(renderMigration(file, { b: "2", c: "3", a: "1" }).usedValues).toBe('{"a":"1","b":"2"}');
  });
});

describe("orderMigrations", () => {
  const order = (files: Record<string, string>) => {
    const { ordered, problems } = orderMigrations(
      Object.entries(files).map(([name, text]) => parseMigration(name, text)),
    );
    return { names: ordered.map(({ name }) => name), problems };
  };

  it("puts versioned files by number, then repeatable ones behind what they name", () => {
    expect(
      order({ R__a: "--! after: R__c\nx", R__b: "x", V002__a: "x", R__c: "--! after: R__b\nx", V001__z: "x" }),
    ).toEqual({
      names: ["V001__z", "V002__a", "R__b", "R__c", "R__a"],
      problems: [],
    });
  });

  it("names gaps, doubles, unknown names and circles", () => {
    expect(order({ V002__a: "x", V002__b: "x", V005__c: "x" }).problems).toEqual([
      "V002__a.sql: number 1 is missing before it",
      "V002__b.sql: number 2 is taken by V002__a.sql",
      "V005__c.sql: number 3 is missing before it",
    ]);
    expect(order({ R__a: "--! after: R__b\nx", R__b: "--! after: R__a, V001__x\nx", V001__x: "x" }).problems).toEqual([
      "R__b.sql: after names V001__x, which is no repeatable file here",
      "R__a, R__b: these name each other in after, in a circle",
    ]);
  });
});
