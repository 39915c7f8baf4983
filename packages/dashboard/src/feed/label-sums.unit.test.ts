import { expect, test } from "vitest";
import type { Cell } from "@millrace/warehouse";
import { createLabelSums } from "./label-sums.ts";

const answer = (rows: Cell[][]) => ({
  statementId: "x",
  columns: ["label", "n", "newest"].map((name) => ({ name, typeName: "varchar" })),
  rows,
});

test("adds numbers, keeps the greatest text and ignores nulls", () => {
  const sums = createLabelSums();
  sums.add(
    answer([
      ["/", 2, "2026-01-02"],
      ["/a", 5, null],
    ]),
  );
  sums.add(
    answer([
      ["/", 4, "2026-01-01"],
      ["/a", null, "2026-01-03"],
    ]),
  );
  expect(sums.top(2)).toEqual({
    columns: ["label", "n", "newest"],
    rows: [
      ["/", 6, "2026-01-02"],
      ["/a", 5, "2026-01-03"],
    ],
  });
});

test("remembers a bounded number of labels, the frequent ones", () => {
  const sums = createLabelSums({ maxLabels: 4 });
  sums.add(answer([1, 2, 3, 4, 5].map((n) => [`label ${n}`, n, null])));
  expect(sums.top(9).rows.map(([label]) => label)).toEqual(["label 5", "label 4"]);
});
