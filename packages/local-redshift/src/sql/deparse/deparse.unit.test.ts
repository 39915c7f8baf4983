import { join } from "node:path";
import { expect, it } from "vitest";
import { isStatement, readConformance, stepsOf } from "../../../testing/conformance/conformance-file.ts";
import { parseStatement } from "../parse-statement.ts";
import type { Query, Statement } from "../tree.ts";
import { writeQuery } from "./write-query.ts";

const files = await readConformance(join(import.meta.dirname, "../../../conformance"));
const statements = new Set(
  files.flatMap((file) => [
    ...(file.setup ?? []),
    ...file.cases.flatMap((one) => [
      ...(one.setup ?? []),
      ...stepsOf(one).flatMap((step) => (isStatement(step) ? [step.sql] : [])),
    ]),
  ]),
);

function parsed(sql: string): Statement | undefined {
  try {
    return parseStatement(sql);
  } catch {
    return undefined;
  }
}

/** The tree without places. */
function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== "object" || node === null) return node;
  const parts = Object.entries(node).filter(([key, child]) => key !== "at" && key !== "end" && child !== undefined);
  return Object.fromEntries(parts.map(([key, child]) => [key, plain(child)]));
}

/** The queries of a statement that are in no other. */
function outermost(node: unknown): readonly Query[] {
  if (typeof node !== "object" || node === null) return [];
  if ("kind" in node && node.kind === "query" && "body" in node) return [node as Query];
  return Object.values(node).flatMap(outermost);
}

const queries = [...statements].flatMap((sql) => {
  const statement = parsed(sql);
  return statement === undefined ? [] : outermost(statement);
});

it("finds the corpus", () => {
  expect(queries.length).toBeGreaterThan(1000);
});

it("a query that is written and read again is the same tree", () => {
  for (const query of queries) {
    const text = writeQuery(query);
    const again = parsed(text);
    expect(again?.kind, text).toBe("query");
    expect(plain((again as Extract<Statement, { kind: "query" }>).query), text).toEqual(plain(query));
  }
});
