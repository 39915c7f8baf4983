import { formatCount } from "../kinesis/format.ts";
import { drawing, element, label } from "../kinesis/svg.ts";
import type { Svg } from "../kinesis/svg.ts";
import type { ArrivalCell } from "./arrivals.ts";
import { AIMS } from "./report.ts";

const WIDTH = 880;
const MARGIN = 28;
const HEADER_HEIGHT = 74;
const ROW_HEIGHT = 24;
const BAR_HEIGHT = 13;
const BARS_X = 230;
const BARS_WIDTH = 520;
/** The scale ends here; what takes longer is cut and says its value. */
const SCALE_MS = 400;

const INK = "#1f2328";
const QUIET = "#656d76";
const MEDIAN_COLOUR = "#1f6feb";
const TAIL_COLOUR = "#b6d4fe";

/** A bar for each rate: to its p50 in the strong colour, to its p95 in the pale one. */
export function drawArrivals(cells: readonly ArrivalCell[]): string {
  const title = "Milliseconds from arrival to visible";
  const height = HEADER_HEIGHT + cells.length * ROW_HEIGHT + 16;
  const aims = [AIMS.visibleP50, AIMS.visibleP95].map((aim) =>
    element("line", {
      x1: scale(aim),
      x2: scale(aim),
      y1: HEADER_HEIGHT - 6,
      y2: height - 12,
      stroke: INK,
      "stroke-opacity": 0.35,
      "stroke-dasharray": "3 3",
    }),
  );
  return drawing(
    WIDTH,
    height,
    title,
    label(MARGIN, 36, title, { "font-size": 18, "font-weight": 600, fill: INK }),
    label(
      MARGIN,
      57,
      `p50 strong, p95 pale; cut at ${SCALE_MS} ms; the lines are the aims for 20,000 events/s with queries`,
      {
        "font-size": 12,
        fill: QUIET,
      },
    ),
    ...cells.map((cell, row) => drawRow(cell, HEADER_HEIGHT + row * ROW_HEIGHT)),
    ...aims,
  );
}

function drawRow(cell: ArrivalCell, y: number): Svg {
  const { p50, p95 } = cell.visible;
  const name = `${formatCount(cell.ratePerSecond)}/s ${cell.form === "single" ? "" : "packed "}${cell.withQueries ? "with queries" : ""}`;
  const bar = (value: number, fill: string): Svg =>
    element("rect", { x: BARS_X, y, width: Math.max(1.5, scale(value) - BARS_X), height: BAR_HEIGHT, rx: 2, fill });
  return element(
    "g",
    {},
    label(BARS_X - 10, y + BAR_HEIGHT - 2, name.trim(), { "font-size": 12, "text-anchor": "end", fill: INK }),
    bar(p95, TAIL_COLOUR),
    bar(p50, MEDIAN_COLOUR),
    label(scale(p95) + 8, y + BAR_HEIGHT - 2, `${p50.toFixed(0)}, ${p95.toFixed(0)}`, { "font-size": 12, fill: INK }),
  );
}

const scale = (millis: number): number => BARS_X + (Math.min(millis, SCALE_MS) / SCALE_MS) * BARS_WIDTH;
