import type { Cell } from "./cells.ts";
import { formatCount } from "./format.ts";
import { LOCAL_KINESIS, NULL_ENDPOINT } from "./servers.ts";
import { spreadOf } from "./spread.ts";
import { drawing, element, label } from "./svg.ts";
import type { Svg } from "./svg.ts";
import type { Workload } from "./workload.ts";

const WIDTH = 880;
const MARGIN = 28;
const HEADER_HEIGHT = 74;
const PANEL_TITLE_HEIGHT = 30;
const ROW_HEIGHT = 24;
const PANEL_GAP = 18;
const BAR_HEIGHT = 15;
const BARS_X = 150;
/** Leaves room for the figure behind the longest bar. */
const BARS_WIDTH = 480;

const INK = "#1f2328";
const QUIET = "#656d76";
const COLOURS: Readonly<Record<string, string>> = { [NULL_ENDPOINT]: "#b6bec8", [LOCAL_KINESIS]: "#1f6feb" };
const PEER_COLOUR = "#d4a27f";

/** Bars of the SDK over HTTP/1.1, the client that every server takes: a panel a workload, each with a scale of its own. */
export function drawThroughput(cells: readonly Cell[], subtitle: string): string {
  const compared = cells.filter(({ client }) => client === "sdk-http1");
  const panels = [...new Set(compared.map(({ workload }) => workload))];
  let y = HEADER_HEIGHT;
  const drawn: Svg[] = [];
  for (const workload of panels) {
    const rows = compared.filter((cell) => cell.workload === workload);
    drawn.push(drawPanel(workload, rows, y));
    y += PANEL_TITLE_HEIGHT + rows.length * ROW_HEIGHT + PANEL_GAP;
  }
  return drawing(
    WIDTH,
    y + 4,
    "Records a second through the same AWS SDK client",
    label(MARGIN, 36, "Records a second through the same AWS SDK client", {
      "font-size": 18,
      "font-weight": 600,
      fill: INK,
    }),
    label(MARGIN, 57, subtitle, { "font-size": 12, fill: QUIET }),
    ...drawn,
  );
}

function drawPanel(workload: Workload, rows: readonly Cell[], top: number): Svg {
  const spreads = rows.map(({ rates }) => spreadOf(rates) ?? { median: 0, low: 0, high: 0 });
  const floor = spreads[rows.findIndex(({ server }) => server === NULL_ENDPOINT)]?.median;
  const most = Math.max(...spreads.map(({ high }) => high));
  const scale = (rate: number): number => (rate / most) * BARS_WIDTH;
  const title = label(MARGIN, top + 18, workload.name, { "font-size": 13, "font-weight": 600, fill: INK });
  const bars = rows.flatMap(({ server }, row) => {
    const { median, low, high } = spreads[row] as (typeof spreads)[number];
    const y = top + PANEL_TITLE_HEIGHT + row * ROW_HEIGHT;
    const middle = y + BAR_HEIGHT / 2;
    const ours = server === LOCAL_KINESIS;
    const share = ours && floor ? ` · ${(median / floor).toFixed(2)} of the null endpoint` : "";
    const whisker = (x: number): Svg =>
      element("line", { x1: x, x2: x, y1: middle - 3, y2: middle + 3, stroke: INK, "stroke-opacity": 0.55 });
    const from = BARS_X + scale(low);
    const to = BARS_X + scale(high);
    return [
      label(BARS_X - 10, middle + 4, server, {
        "font-size": 12,
        "text-anchor": "end",
        fill: INK,
        "font-weight": ours ? 600 : undefined,
      }),
      element("rect", {
        x: BARS_X,
        y,
        width: Math.max(1.5, scale(median)),
        height: BAR_HEIGHT,
        rx: 2,
        fill: COLOURS[server] ?? PEER_COLOUR,
      }),
      element("line", { x1: from, x2: to, y1: middle, y2: middle, stroke: INK, "stroke-opacity": 0.55 }),
      whisker(from),
      whisker(to),
      label(Math.max(to, BARS_X + scale(median)) + 8, middle + 4, `${formatCount(median)}${share}`, {
        "font-size": 12,
        fill: INK,
        "font-weight": ours ? 600 : undefined,
      }),
    ];
  });
  return element("g", {}, title, ...bars);
}
