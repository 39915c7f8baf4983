import { expect, it } from "vitest";
import type { BindContext, RelationSource } from "./bind-context.ts";
import { bindQuery } from "./bind-query.ts";
import { parseStatement } from "./parse-statement.ts";
import { Scope } from "./scope.ts";
import { types } from "./sql-type.ts";

/** Binds a query over a stored relation `records` with a SUPER column `payload`. */
function bind(sql: string) {
  const statement = parseStatement(sql);
  if (statement.kind !== "query") throw new Error("no query");
  let number = 0;
  const columns = [{ name: "payload", type: types.super }];
  const source: RelationSource = { kind: "stored", schema: "public", name: "records", sql: "main.t1", columns };
  const context = {
    settings: { caseSensitiveIdentifiers: false, caseSensitiveAttributes: false, searchPath: [] },
    superModes: { navigatesStrictly: false, castsStrictly: false, parseOptions: "", findsNulls: true },
    nextNumber: () => (number += 1),
    parameter: () => undefined,
    findRelation: () => source,
  } as unknown as BindContext;
  return bindQuery(statement.query, new Scope(), context);
}

const events = `SELECT r.payload AS event FROM records AS r WHERE IS_OBJECT(r.payload)
  UNION ALL SELECT element AS event FROM records AS r, r.payload AS element`;

it("a query that makes elements offers what is asked of them, read where they are made and once for all that ask", () => {
  const query = bind(events);
  const names = ["event_name", "user", "event_id", "event_name"].map((name) => {
    expect(query.keepsPath(0, [name], "text")).toBe(true);
    return query.takePath(0, [name], "text");
  });
  expect(names).toEqual(["h0", "h1", "h2", "h0"]);
  expect(
    query.render().match(/json_extract_string\(r\d+\.\S+, \['\$\."event_name"', '\$\."user"', '\$\."event_id"'\]/g),
  ).toHaveLength(2);
});

it("a query that only passes a column on leaves the reading to who asks", () => {
  const query = bind("SELECT r.payload AS event FROM records AS r");
  expect(query.keepsPath(0, ["event_name"], "text")).toBe(false);
});
