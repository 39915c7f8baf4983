import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lexSql } from "./lex-sql.ts";
import { fillPlaceholders, placeholderNames } from "./placeholders.ts";

const fill = (sql: string, values: Record<string, string>) =>
  fillPlaceholders(lexSql(sql), values)
    .map(({ text }) => text)
    .join("");

describe("fillPlaceholders", () => {
  it("quotes by kind", () => {
    expect(fill("FROM k.{{identifier stream}} ROLE {{literal role}}", { stream: 'a-b."c', role: "it's" })).toBe(
      `FROM k."a-b.""c" ROLE 'it''s'`,
    );
  });

  it("leaves comments alone and fills dollar quotes", () => {
    expect(fill("-- {{literal x}}\n$$ {{literal a}} $$", { a: "1" })).toBe("-- {{literal x}}\n$$ '1' $$");
    expect(placeholderNames(lexSql("-- {{literal x}}\n{{literal a}} {{identifier a}} $$ {{literal b}} $$"))).toEqual([
      "a",
      "b",
    ]);
  });

  it("does not read what a value brings along", () => {
    expect(fill("{{literal a}}", { a: "{{literal b}} ; --" })).toBe("'{{literal b}} ; --'");
  });

  it.each([
    ["SELECT\n{{literal b}}", { a: "1" }, /no value for the placeholder b \(known: a\)/],
    ["SELECT {{literal toString}}", {}, /no value for the placeholder toString \(known: none\)/],
    ["SELECT {{a}}", { a: "1" }, /\{\{a\}\} is no placeholder; write/],
    ["SELECT {{ literal a }}", { a: "1" }, /is no placeholder/],
    ["SELECT '{{literal a}}'", { a: "1" }, /stands inside quotes/],
    ['SELECT "{{identifier a}}"', { a: "1" }, /stands inside quotes/],
    ["SELECT {{literal a}}", { a: "" }, /must be a text without control characters/],
    ["SELECT {{literal a}}", { a: "x\\" }, /must be a text without control characters and backslashes/],
    ["SELECT {{literal a}}", { a: "x\ny" }, /must be a text without control characters/],
  ])("refuses %j with %j", (sql, values, message) => {
    expect(() => fill(sql, values as Record<string, string>)).toThrow(message);
  });

  it("keeps any value inside its quotes", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z'";$ -]{1,20}$/), (value) => {
        expect(lexSql(fill("{{literal a}}", { a: value })).map(({ kind }) => kind)).toEqual(["string"]);
        expect(lexSql(fill("{{identifier a}}", { a: value })).map(({ kind }) => kind)).toEqual(["identifier"]);
      }),
    );
  });
});
