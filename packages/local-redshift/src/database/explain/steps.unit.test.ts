import { expect, it } from "vitest";
import { planLines, type PlanNode } from "./plan-node.ts";
import { aggregate, hashJoin, scan, sort } from "./steps.ts";

// The plans of c-the-query-plan of the Database Developer Guide, with their rows and widths.
const event = (width: number) => scan("XN Seq Scan on event", 8798, 8798, width, []);
const listing: PlanNode = {
  title: "XN Merge Join DS_DIST_NONE",
  start: 0,
  total: 6285.93,
  rows: 172_456,
  width: 97,
  details: [],
  inputs: [],
};

it("a group-by has the costs of the page", () => {
  expect(planLines(aggregate(event(17), 576, []))).toEqual([
    "XN HashAggregate  (cost=131.97..133.41 rows=576 width=17)",
    "  ->  XN Seq Scan on event  (cost=0.00..87.98 rows=8798 width=17)",
  ]);
});

it("a join that sends the inner table has the costs of the page", () => {
  const category = scan("XN Seq Scan on category", 11, 11, 49, []);
  const condition = 'Hash Cond: ("outer".catid = "inner".catid)';
  expect(planLines(hashJoin("", event(35), category, "DS_BCAST_INNER", 8798, [condition]))).toEqual([
    "XN Hash Join DS_BCAST_INNER  (cost=0.14..6600286.07 rows=8798 width=84)",
    '  Hash Cond: ("outer".catid = "inner".catid)',
    "  ->  XN Seq Scan on event  (cost=0.00..87.98 rows=8798 width=35)",
    "  ->  XN Hash  (cost=0.11..0.11 rows=11 width=49)",
    "        ->  XN Seq Scan on category  (cost=0.00..0.11 rows=11 width=49)",
  ]);
  expect(hashJoin("", listing, event(35), "DS_BCAST_INNER", 172_456, []).total).toBeCloseTo(3_871_130_276.17, 0);
});

it("sorting costs as much as the page says, and is sent to the leader", () => {
  const grouped: PlanNode = { ...event(27), title: "XN HashAggregate", total: 2_815_366_578.51, rows: 576 };
  expect(planLines(sort(grouped, "sum(sales.pricepaid)")).slice(0, 6)).toEqual([
    "XN Merge  (cost=1002815366604.92..1002815366606.36 rows=576 width=27)",
    "  Merge Key: sum(sales.pricepaid)",
    "  ->  XN Network  (cost=1002815366604.92..1002815366606.36 rows=576 width=27)",
    "        Send to leader",
    "        ->  XN Sort  (cost=1002815366604.92..1002815366606.36 rows=576 width=27)",
    "              Sort Key: sum(sales.pricepaid)",
  ]);
});
