import { formatCount } from "./format.ts";
import type { LongStream, Passage } from "./long-stream.ts";
import { drawing, element, label } from "./svg.ts";
import type { Svg } from "./svg.ts";

const WIDTH = 880;
const HEADER_HEIGHT = 96;
const PANEL_X = [64, 490];
const PANEL_WIDTH = 362;
const RATE_HEIGHT = 150;
const MEMORY_HEIGHT = 150;
const GAP = 62;
const HEIGHT = HEADER_HEIGHT + RATE_HEIGHT + GAP + MEMORY_HEIGHT + 56;

const INK = "#1f2328";
const QUIET = "#656d76";
const GRID = "#e4e8ec";
const RATE = "#1f6feb";
const OWN_MEMORY = "#8250df";
const MAPPED_MEMORY = "#d8c7f5";
const LIMIT = "#cf222e";

/** What the server may hold at any moment, MB. */
export const MEMORY_AIM_MB = 400;

interface Panel {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** Most records of the horizontal axis, and the top of the vertical one. */
  readonly records: number;
  readonly top: number;
}

/** Records a second and resident memory, from the first record of a stream to its last: in on the left, back out on the right. */
export function drawLongStream({ puts, reads, records, step }: LongStream, subtitle: string): string {
  const memoryTop = Math.max(
    MEMORY_AIM_MB * 1.2,
    ...[...puts.memory, ...reads.memory].map(({ anonymous, mapped }) => (anonymous + mapped) * 1.1),
  );
  const columns = [
    { passage: puts, title: "put", x: PANEL_X[0] as number },
    { passage: reads, title: "read back", x: PANEL_X[1] as number },
  ].flatMap(({ passage, title, x }) => {
    const rateTop = Math.max(...passage.rates) * 1.2;
    const rate = { x, y: HEADER_HEIGHT, height: RATE_HEIGHT, records, top: rateTop };
    const memory = { x, y: HEADER_HEIGHT + RATE_HEIGHT + GAP, height: MEMORY_HEIGHT, records, top: memoryTop };
    return [
      drawHeading(rate, `Records a second, ${title}`),
      drawAxes(rate),
      drawRates(rate, passage, step),
      drawHeading(memory, `Resident memory of the server, MB`),
      drawMemory(memory, passage),
      drawAxes(memory),
      drawAim(memory),
    ];
  });
  const title = `From the first to the ${formatCount(records)}th record`;
  return drawing(
    WIDTH,
    HEIGHT,
    title,
    label(28, 36, title, { "font-size": 18, "font-weight": 600, fill: INK }),
    label(28, 57, subtitle, { "font-size": 12, fill: QUIET }),
    ...columns,
    drawLegend(),
  );
}

function drawHeading({ x, y }: Panel, text: string): Svg {
  return label(x - 36, y - 12, text, { "font-size": 12, "font-weight": 600, fill: INK });
}

function drawAxes(panel: Panel): Svg {
  const lines: Svg[] = [];
  const step = niceStep(panel.top / 4);
  for (let value = 0; value <= panel.top; value += step) {
    const y = yOf(panel, value);
    lines.push(
      element("line", { x1: panel.x, x2: panel.x + PANEL_WIDTH, y1: y, y2: y, stroke: value === 0 ? QUIET : GRID }),
      label(panel.x - 6, y + 4, short(value), { "font-size": 11, "text-anchor": "end", fill: QUIET }),
    );
  }
  const across = niceStep(panel.records / 5);
  for (let records = 0; records <= panel.records; records += across) {
    lines.push(
      label(xOf(panel, records), panel.y + panel.height + 16, short(records), {
        "font-size": 11,
        "text-anchor": "middle",
        fill: QUIET,
      }),
    );
  }
  return element("g", {}, ...lines);
}

function drawRates(panel: Panel, { rates }: Passage, step: number): Svg {
  const points = rates.map((rate, index) => [xOf(panel, (index + 0.5) * step), yOf(panel, rate)] as const);
  return element("polyline", {
    points: points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "),
    fill: "none",
    stroke: RATE,
    "stroke-width": 2,
    "stroke-linejoin": "round",
  });
}

function drawMemory(panel: Panel, { memory }: Passage): Svg {
  const area = (from: (index: number) => number, to: (index: number) => number, fill: string): Svg => {
    const along = memory.map(({ records }, index) => ({ x: xOf(panel, records), from: from(index), to: to(index) }));
    const upper = along.map(({ x, to: value }) => `${x.toFixed(1)},${yOf(panel, value).toFixed(1)}`);
    const lower = along.reverse().map(({ x, from: value }) => `${x.toFixed(1)},${yOf(panel, value).toFixed(1)}`);
    return element("polygon", { points: [...upper, ...lower].join(" "), fill });
  };
  const own = (index: number): number => memory[index]?.anonymous ?? 0;
  const all = (index: number): number => own(index) + (memory[index]?.mapped ?? 0);
  return element(
    "g",
    {},
    area(() => 0, own, OWN_MEMORY),
    area(own, all, MAPPED_MEMORY),
  );
}

function drawAim(panel: Panel): Svg {
  const y = yOf(panel, MEMORY_AIM_MB);
  return element("line", {
    x1: panel.x,
    x2: panel.x + PANEL_WIDTH,
    y1: y,
    y2: y,
    stroke: LIMIT,
    "stroke-dasharray": "5 4",
  });
}

function drawLegend(): Svg {
  const y = HEIGHT - 20;
  const entry = (x: number, colour: string, text: string): Svg[] => [
    element("rect", { x, y: y - 9, width: 11, height: 11, rx: 2, fill: colour }),
    label(x + 17, y, text, { "font-size": 11, fill: QUIET }),
  ];
  return element(
    "g",
    {},
    ...entry(64, OWN_MEMORY, "its own (heap, buffers)"),
    ...entry(222, MAPPED_MEMORY, "mapped files (program, index of the log)"),
    element("line", { x1: 490, x2: 508, y1: y - 4, y2: y - 4, stroke: LIMIT, "stroke-dasharray": "5 4" }),
    label(514, y, `aim, ${MEMORY_AIM_MB} MB`, { "font-size": 11, fill: QUIET }),
  );
}

function xOf({ x, records }: Panel, value: number): number {
  return x + (value / records) * PANEL_WIDTH;
}

function yOf({ y, height, top }: Panel, value: number): number {
  return y + height - (value / top) * height;
}

/** The next of 1, 2, 5 × 10^n. */
function niceStep(wanted: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(wanted));
  return magnitude * ([1, 2, 5, 10].find((factor) => factor * magnitude >= wanted) ?? 10);
}

/** `2.5M`, `150k`, `400`. */
function short(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e4 ? `${value / 1e3}k` : String(value);
}
