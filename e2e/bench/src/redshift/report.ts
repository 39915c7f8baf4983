import { describeMachine } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { formatCount } from "../kinesis/format.ts";
import type { ArrivalCell } from "./arrivals.ts";
import { EVENT_BYTES, EVENTS_PER_PACK } from "./events.ts";
import type { Growth } from "./growth.ts";
import type { Plan } from "./plan.ts";
import type { QueryFigure } from "./queries.ts";
import type { Percentiles } from "./weighted-percentiles.ts";

/** All that one run found. */
export interface RedshiftResults {
  readonly date: string;
  readonly plan: Plan;
  readonly arrivals: readonly ArrivalCell[];
  readonly growth: Growth;
  readonly queries: readonly QueryFigure[];
}

/** Aims, in milliseconds. */
export const AIMS = { visibleP50: 100, visibleP95: 250, queryP95: 100, restart: 1_000 } as const;
/** What the server may take while a view grows, in MB. */
const MEMORY_BOUND_MB = 2_000;

/** The results as a page of `docs/benchmarks`. */
export function renderReport({ date, plan, arrivals, growth, queries }: RedshiftResults): string {
  const { cores, cpu, memoryGiB, system, node } = describeMachine();
  return `# The local Redshift beside DuckDB alone

Written by \`npm run bench -- redshift\`; \`e2e/bench/README.md\` says how to read it. ${date}, ${cores} cores of ${cpu}, ${memoryGiB} GiB, ${system}, Node ${node.slice(1)}.
The figures are this machine's and the local cloud's, never Redshift's.

## Arrival to visible

Events of ${EVENT_BYTES} B into an on-disk stream of 4 shards, ${plan.latencyMs / 1_000} s at each rate; milliseconds from a record's arrival to the commit that made it visible, in the streaming view and in
the views of \`packages/migrations/sql\`. *Queries*: two readers ask the typed view's group-by through the Data API every 100 ms. *Packed*: ${EVENTS_PER_PACK} events a record. The aim at 20,000 events/s with
queries is p50 ${AIMS.visibleP50} ms and p95 ${AIMS.visibleP95} ms.

![Arrival to visible](redshift-arrivals.svg)

${arrivalTable(arrivals)}

*Bare append* is the floor: the same rows a second, typed, into a file of DuckDB alone, in twenty commits a second.

## Queries

Through the Data API, each asked ${plan.queryRounds} times in turn with DuckDB alone, which holds the same values. The aim is a p95 of ${AIMS.queryP95} ms. What a query asks of SUPER is read from JSON at
first; paths that are asked for twice become hidden columns in the background, and p50 and p95 are those after that.

${queryTable(queries)}

## A view that grows

${growthTable(growth)}
`;
}

function arrivalTable(cells: readonly ArrivalCell[]): string {
  const rows = cells.map((cell) => [
    `${formatCount(cell.ratePerSecond)}/s, ${cell.form === "single" ? "one a record" : "packed"}${cell.withQueries ? ", queries" : ""}`,
    formatCount(cell.sentPerSecond),
    formatMillis(cell.visible.p50),
    formatMillis(cell.visible.p95),
    formatMillis(cell.visible.max),
    cell.queries ? `${formatMillis(cell.queries.p50)}, ${formatMillis(cell.queries.p95)}` : "–",
    cell.cpuMicros === undefined ? "–" : `${formatCount(cell.cpuMicros)} µs`,
    `${formatMillis(cell.floor.p50)}, ${formatMillis(cell.floor.p95)}`,
  ]);
  const head = ["", "sent/s", "p50", "p95", "max", "queries p50, p95", "CPU an event", "bare append p50, p95"];
  return table(head, rows);
}

function queryTable(queries: readonly QueryFigure[]): string {
  const both = (some: Percentiles | undefined): string =>
    some === undefined ? "–" : `${formatMillis(some.p50)}, ${formatMillis(some.p95)}`;
  const rows = queries.map(({ name, rows: count, ours, first, floor, json }) => [
    `${name}, ${formatCount(count)}`,
    both(ours),
    first === undefined ? "–" : formatMillis(first),
    both(floor),
    both(json),
  ]);
  return table(["", "p50, p95", "first ask, JSON", "DuckDB, typed columns", "DuckDB, JSON text"], rows);
}

function growthTable(growth: Growth): string {
  const total = (memory: { anonymous: number; mapped: number }): number => memory.anonymous + memory.mapped;
  const most = Math.max(...growth.memory.map(total));
  const at = (share: number): string => {
    const some = growth.memory[Math.floor((growth.memory.length - 1) * share)];
    return some ? `${total(some).toFixed(0)} MB` : "not told by this system";
  };
  const verdict = most < MEMORY_BOUND_MB ? "within" : "above";
  const rows = [
    ["rows", formatCount(growth.rows)],
    ["confirmed a second", formatCount(growth.sentPerSecond)],
    ["seconds", growth.seconds.toFixed(0)],
    ["all visible after the last confirmation", `${growth.catchUpSeconds.toFixed(1)} s`],
    ["lost or twice", "none: the view's rows are those confirmed"],
    ["memory of Kinesis and Redshift at rest", growth.atRest ? `${total(growth.atRest).toFixed(0)} MB` : "–"],
    ["memory at a tenth, at half, at the end", `${at(0.1)}, ${at(0.5)}, ${at(1)}`],
    ["most memory", `${most.toFixed(0)} MB, ${verdict} the bound of ${formatCount(MEMORY_BOUND_MB)} MB`],
    [
      "a new process over it, to the rows of its first query, the typed group-by",
      `${formatMillis(growth.restartMs)} (aim ${AIMS.restart} ms)`,
    ],
  ];
  return table(["", ""], rows);
}

/** The results as figures of the bench. */
export function toFigures({ arrivals, growth, queries }: RedshiftResults): Figure[] {
  const ofArrivals = arrivals.flatMap((cell): Figure[] => {
    const name = `arrival to visible, ${cell.ratePerSecond}/s ${cell.form}${cell.withQueries ? " with queries" : ""}`;
    const floor = { name: "bare append p50", value: round(cell.floor.p50) };
    return [
      { name: `${name}, p50`, value: round(cell.visible.p50), unit: "ms", floor },
      { name: `${name}, p95`, value: round(cell.visible.p95), unit: "ms", floor },
      { name: `${name}, CPU an event`, value: round(cell.cpuMicros ?? NaN), unit: "µs" },
    ];
  });
  const ofQueries = queries.map(({ name, ours, floor }): Figure => ({
    name: `${name}, p95`,
    value: round(ours.p95),
    unit: "ms",
    floor: { name: "DuckDB alone, typed columns, p95", value: round(floor.p95) },
  }));
  const most = Math.max(...growth.memory.map(({ anonymous, mapped }) => anonymous + mapped));
  return [
    ...ofArrivals,
    ...ofQueries,
    { name: "events confirmed a second while a view grows", value: round(growth.sentPerSecond), unit: "events/s" },
    { name: "time to catch up after that", value: round(growth.catchUpSeconds), unit: "s" },
    { name: "most memory while a view grows", value: round(most), unit: "MB" },
    { name: "start over that view", value: round(growth.restartMs), unit: "ms" },
  ];
}

const round = (value: number): number => Number(value.toPrecision(3));
const formatMillis = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
