import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lexSql, SqlSyntaxError } from "./lex-sql.ts";
import { splitStatements } from "./split-statements.ts";

const split = (sql: string) => splitStatements(lexSql(sql));

describe("splitStatements", () => {
  it.each<[string, string, { sql: string; line: number }[]]>([
    ["one statement without a semicolon", "SELECT 1", [{ sql: "SELECT 1", line: 1 }]],
    [
      "comments around statements",
      "-- a;\n/* b; */ SELECT 1; -- c;\n\nSELECT 2 -- d\n;\n",
      [
        { sql: "SELECT 1", line: 2 },
        { sql: "SELECT 2", line: 4 },
      ],
    ],
    ["comments inside a statement", "SELECT /* ; */ 1, -- ;\n  2;", [{ sql: "SELECT /* ; */ 1, -- ;\n  2", line: 1 }]],
    ["nested comments", "/* a /* b; */ ; */ SELECT 1", [{ sql: "SELECT 1", line: 1 }]],
    [
      "semicolons in strings",
      "SELECT ';', 'it''s;';SELECT 2",
      [
        { sql: "SELECT ';', 'it''s;'", line: 1 },
        { sql: "SELECT 2", line: 1 },
      ],
    ],
    [
      "an escaped backslash at a string's end",
      String.raw`SELECT '\\';SELECT 2`,
      [
        { sql: String.raw`SELECT '\\'`, line: 1 },
        { sql: "SELECT 2", line: 1 },
      ],
    ],
    ["semicolons in quoted identifiers", 'SELECT ";""x;" FROM t;', [{ sql: 'SELECT ";""x;" FROM t', line: 1 }]],
    [
      "dollar quotes",
      "CREATE PROCEDURE p() AS $$ BEGIN a; END; $$ LANGUAGE plpgsql; CALL p()",
      [
        { sql: "CREATE PROCEDURE p() AS $$ BEGIN a; END; $$ LANGUAGE plpgsql", line: 1 },
        { sql: "CALL p()", line: 1 },
      ],
    ],
    [
      "dollar quotes with a tag",
      "SELECT $a$ ; $$ ; $b$ $a$; SELECT $1",
      [
        { sql: "SELECT $a$ ; $$ ; $b$ $a$", line: 1 },
        { sql: "SELECT $1", line: 1 },
      ],
    ],
    [
      "a dollar inside a name",
      "SELECT a$b$c;SELECT 2",
      [
        { sql: "SELECT a$b$c", line: 1 },
        { sql: "SELECT 2", line: 1 },
      ],
    ],
    ["nothing but comments and semicolons", " ;; -- a\n; /* b */ ;", []],
    ["a statement that starts with a string", "\n'a'", [{ sql: "'a'", line: 2 }]],
    [
      "a line after a string of several lines",
      "SELECT 'a\nb';\nSELECT 2",
      [
        { sql: "SELECT 'a\nb'", line: 1 },
        { sql: "SELECT 2", line: 3 },
      ],
    ],
  ])("cuts %s", (_name, sql, expected) => {
    expect(split(sql)).toEqual(expected);
  });

  it.each([
    ["a string", "SELECT 1;\nSELECT 'x", "the string that starts here has no end", 2],
    ["an identifier", 'SELECT "x', "the quoted identifier that starts here has no end", 1],
    ["a comment", "\n\n/* /* */", "the comment that starts here has no end", 3],
    ["a dollar quote", "$x$ $y$", "the $x$ that starts here has no end", 1],
    ["a quote after a backslash", "SELECT '\n\\' x'", String.raw`\' in a string has two readings`, 2],
  ])("refuses %s without an end", (_name, sql, message, line) => {
    expect(() => split(sql)).toThrow(SqlSyntaxError);
    expect(() => split(sql)).toThrow(message);
    expect(() => split(sql)).toThrow(expect.objectContaining({ line }));
  });

  const part = fc.constantFrom("SELECT 1", "'a;b'", '"c;d"', "$$ e; $$", "/* f; */ g", "-- h;\n i", "x\ny");

  it("finds again what was joined by semicolons", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" ")),
          { maxLength: 6 },
        ),
        (sqls) => {
          const found = split(sqls.join("\n;\n"));
          expect(found.map(({ sql }) => sql).filter((sql) => sql !== "")).toHaveLength(sqls.length);
          found.forEach(({ sql }, index) => expect(sqls[index]).toContain(sql));
        },
      ),
    );
  });

  it("loses no character while it cuts a text into pieces", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("'", '"', "$$", "$a$", "--", "/*", "*/", "\n", ";", "\\", "x ", "é"), {
          maxLength: 30,
        }),
        (parts) => {
          const sql = parts.join("");
          try {
            const pieces = lexSql(sql);
            expect(pieces.map(({ text }) => text).join("")).toBe(sql);
            expect(
              pieces.every(
                ({ text, line }, index) =>
                  text !== "" &&
                  line ===
                    1 +
                      pieces
                        .slice(0, index)
                        .map((piece) => piece.text)
                        .join("")
                        .split("\n").length -
                      1,
              ),
            ).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(SqlSyntaxError);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
