import { expect, it } from "vitest";
import { types } from "../../sql/sql-type.ts";
import { hashJoin, over, result, scan, sort } from "./steps.ts";
import { verboseLines } from "./verbose-lines.ts";

const event = scan("XN Seq Scan on event", 100, 100, 8, []);
const category = scan("XN Seq Scan on category", 2, 2, 14, []);
const joined = hashJoin("Left ", event, category, "DS_DIST_NONE", 100, []);
const plan = sort(over("XN Append", [over('XN Subquery Scan "*SELECT* 1"', [joined]), result()]), "catid");

/** Kind, number and parent of each node, read as tools read them. */
function nodesOf(lines: readonly string[]): readonly string[] {
  const nodes: string[] = [];
  let kind = "";
  for (const line of lines) {
    const [first, second] = line.trim().split(" ");
    if (first === "{") kind = second!;
    if (first === ":node_id") nodes.push(`${second} ${kind}`);
    if (first === ":parent_id") nodes.push(`${nodes.pop()} in ${second}`);
  }
  return nodes;
}

it("nodes are numbered from the first down, each with the number of the one that it is part of", () => {
  expect(nodesOf(verboseLines(plan, []))).toEqual([
    "1 MERGE in 0",
    "2 NETWORK in 1",
    "3 SORT in 2",
    "4 APPEND in 3",
    "5 SUBQUERYSCAN in 4",
    "6 HASHJOIN in 5",
    "7 SEQSCAN in 6",
    "8 HASH in 6",
    "9 SEQSCAN in 8",
    "10 RESULT in 4",
  ]);
});

it("every brace and parenthesis that opens closes", () => {
  const lines = verboseLines(plan, [{ name: "catid", type: types.int4 }]).map((line) => line.trim());
  const count = (test: (line: string) => boolean) => lines.filter(test).length;
  expect(count((line) => line.startsWith("{"))).toBe(count((line) => line === "}"));
  expect(count((line) => line.endsWith(" ("))).toBe(count((line) => line === ")"));
});

it("a join says how it joins and how its rows come together", () => {
  const lines = verboseLines(joined, []).map((line) => line.trim());
  expect(lines).toContain(":jointype 1");
  expect(lines).toContain(":dist_info.dist_strategy DS_DIST_NONE");
});
