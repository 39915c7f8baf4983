import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findParameterNames, shareParameters } from "./parameters.ts";
import { redactSql } from "../sql/redaction.ts";
import { scanSql } from "../sql/sql-scan.ts";

const piece = fc.oneof(
  fc.constantFrom("'", '"', "--", "/*", "*/", "\n", "::", ":a", "$$", "$t$", "\\", " ", "select", "iam_role 'x'", "é"),
  fc.string({ maxLength: 5 }),
);
const sqlText = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(""));

describe("scanSql", () => {
  it("gives tokens in order that do not overlap, for any text", () => {
    fc.assert(
      fc.property(sqlText, (sql) => {
        let last = 0;
        for (const { start, end } of scanSql(sql)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(sql.length);
      }),
    );
  });
});

describe("findParameterNames", () => {
  it.each([
    ["select :a, :b_2 from t where x = :a", ["a", "b_2"]],
    ["select ':a', \":b\", $$:c$$, $t$ :d $t$", []],
    ["select 1 -- :a\n, :b", ["b"]],
    ["select /* :a /* :b */ :c */ :d", ["d"]],
    ["select x::int, :a::smallint", ["a"]],
    ["select 'it''s :a', :b", ["b"]],
    ["select '\\' :a', :b", ["b"]],
    ["select :1", ["1"]],
  ])("finds the parameters of %s", (sql, names) => {
    expect([...findParameterNames(sql)]).toEqual(names);
  });
});

describe("shareParameters", () => {
  it("gives a statement without parameters none", () => {
    expect(shareParameters(["select ':x'", "select 1"], undefined)).toEqual([undefined, undefined]);
  });

  it("refuses a name that comes twice", () => {
    const twice = [
      { name: "a", value: "1" },
      { name: "a", value: "2" },
    ];
    expect(() => shareParameters(["select :a"], twice)).toThrow(/duplicate/);
  });
});

describe("redactSql", () => {
  it.each([
    ["copy t from 's3://b' iam_role 'arn:x' csv", "copy t from 's3://b' iam_role '' csv"],
    ["COPY t FROM 's3://b' CREDENTIALS AS 'aws_iam_role=arn:x'", "COPY t FROM 's3://b' CREDENTIALS AS ''"],
    ["create user u password 'Secret1'", "create user u password ''"],
    [
      "create external schema s from kinesis iam_role default",
      "create external schema s from kinesis iam_role default",
    ],
    ["select 'iam_role' , 'x'", "select 'iam_role' , 'x'"],
    ["select 1 where iam_role = 'x'", "select 1 where iam_role = 'x'"],
  ])("shows %s as %s", (sql, shown) => {
    expect(redactSql(sql)).toBe(shown);
  });
});
