import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { SUBSCRIPTION_BYTES_PER_SECOND } from "./fan-out.ts";
import { READ_BYTES_PER_SECOND, READ_CALLS_PER_SECOND } from "./read-limit.ts";
import { REQUEST_RATES } from "./request-rates.ts";
import { ITERATORS_PER_SECOND } from "./shard-limits.ts";
import { WRITE_BURST_BYTES, WRITE_BYTES_PER_SECOND, WRITE_RECORDS_PER_SECOND } from "./write-limit.ts";

const mib = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;
const count = (number: number): string => number.toLocaleString("en-US");

/** The table of the README, from what the limits are made of. */
function renderTable(): string {
  const byRate = Map.groupBy(
    Object.entries(REQUEST_RATES),
    ([, { perSecond, per }]) => `${count(perSecond)} a second | ${per}`,
  );
  const rows = [
    ["records put", `${count(WRITE_RECORDS_PER_SECOND)} a second`, "shard"],
    ["bytes put, keys included", `${mib(WRITE_BYTES_PER_SECOND)} a second`, "shard"],
    [
      "records above 1 MiB",
      `${mib(WRITE_BURST_BYTES)}, which all that is put drains and ${mib(WRITE_BYTES_PER_SECOND)} a second fills`,
      "shard",
    ],
    ["GetRecords", `${READ_CALLS_PER_SECOND} a second`, "shard"],
    [
      "bytes that GetRecords answers",
      `${mib(READ_BYTES_PER_SECOND)} a second: once they are used up, no call until a second's worth is back`,
      "shard",
    ],
    ["GetShardIterator", `${ITERATORS_PER_SECOND} a second`, "shard"],
    ["bytes of a subscription", `${mib(SUBSCRIPTION_BYTES_PER_SECOND)} a second; what is more waits`, "subscription"],
    ...[...byRate].map(([rate, operations]) => [operations.map(([name]) => name).join(", "), rate]),
  ];
  return [
    "| what | how much | counted by |",
    "| --- | --- | --- |",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

it("the README has the table of the limits", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  // However the columns are aligned.
  expect(readme.replace(/ +\|/g, " |").replace(/-{3,}/g, "---")).toContain(renderTable());
});
