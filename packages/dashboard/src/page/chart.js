// Events per second by name: stacked areas that move from right to left.

import { element, keep, setText } from "./elements.js";
import { formatRate, formatShort } from "./format.js";
import { emptySeries, mergeSeries, niceCeiling, recentRates, stackSeries } from "./series.js";
import UPlot from "./vendor/uplot.js";

/** @typedef {import("../feed/page-state.ts").SeriesTile} SeriesTile */

const height = 300;
const frameMs = 100;
const rateSeconds = 10;
const paletteSize = 10;
const smooth = UPlot.paths.spline?.();

/**
 * The place of a name's colour in the palette: the contract's names in their order, any other by its letters.
 * @param {string} name
 * @param {readonly string[]} knownNames
 */
export function colourOf(name, knownNames) {
  const place = knownNames.indexOf(name);
  if (place >= 0) return place % paletteSize;
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum % paletteSize;
}

/**
 * Draws into `container` and `legend`. `add` takes changes of the window; `sentAt` tells the server's clock.
 * @param {{ container: HTMLElement, legend: HTMLElement, windowSeconds: number, knownNames: readonly string[] }} options
 */
export function createChart({ container, legend, windowSeconds, knownNames }) {
  let series = emptySeries();
  /** @type {Set<string>} */
  const hidden = new Set();
  /** @type {UPlot | undefined} */
  let plot;
  let plottedNames = "";
  let serverAhead = 0;
  let delay = 2.5;
  let ceiling = 4;
  let lastFrame = 0;
  let isDirty = true;
  /** @type {number | null} */
  let cursor = null;

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stillness = matchMedia("(prefers-reduced-motion: reduce)");
  dark.addEventListener("change", rebuild);
  new ResizeObserver(() => plot?.setSize({ width: container.clientWidth, height })).observe(container);

  /** @param {string} variable */
  const css = (variable) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim();

  function rebuild() {
    plot?.destroy();
    plottedNames = series.names.join("\n");
    const [ink, line] = [css("--quiet"), css("--line")];
    const font = `12px ${css("--font")}`;
    const colours = series.names.map((name) => css(`--event-${colourOf(name, knownNames)}`));
    plot = new UPlot(
      {
        width: container.clientWidth,
        height,
        padding: [12, 0, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: { x: { time: true, range: () => range() }, y: { range: () => [0, ceiling] } },
        axes: [
          {
            stroke: ink,
            font,
            space: 90,
            size: 34,
            grid: { show: false },
            ticks: { show: false },
            values: (_, splits) => {
              const [start, end] = range();
              // A label at the edge would be cut off.
              return splits.map((split) => (split < start + 6 || split > end - 9 ? "" : clock.format(split * 1000)));
            },
          },
          {
            stroke: ink,
            font,
            space: 48,
            size: 46,
            gap: 8,
            grid: { stroke: line, width: 1 },
            ticks: { show: false },
            values: (_, splits) => splits.map((split) => (Number.isInteger(split) ? formatShort(split) : "")),
          },
        ],
        series: [
          {},
          ...series.names.map((name, place) => ({
            label: name,
            width: 0,
            paths: smooth,
            fill: colours[place] ?? ink,
            points: { show: false },
          })),
        ],
        hooks: {
          setCursor: [
            (chart) => {
              cursor = chart.cursor.idx ?? null;
              drawLegend();
            },
          ],
        },
      },
      stackSeries(series, windowSeconds, hidden),
      container,
    );
    isDirty = true;
  }

  /** @returns {[number, number]} */
  function range() {
    const moving = (Date.now() + serverAhead) / 1000 - delay;
    const end = series.through === 0 ? moving : Math.min(series.through, moving);
    return [end - windowSeconds, end];
  }

  /** @param {number} time */
  function frame(time) {
    requestAnimationFrame(frame);
    const isDue = time - lastFrame >= frameMs && !document.hidden;
    if (plot === undefined || !isDue || (stillness.matches && !isDirty)) return;
    lastFrame = time;
    if (isDirty) {
      isDirty = false;
      const columns = stackSeries(series, windowSeconds, hidden);
      const peak = Math.max(0, ...(columns[1] ?? []));
      if (niceCeiling(peak) > ceiling || peak < ceiling * 0.45) ceiling = niceCeiling(peak);
      plot.setData(columns, true);
    } else {
      const [min, max] = range();
      plot.setScale("x", { min, max });
    }
  }

  function drawLegend() {
    const time = cursor === null ? undefined : plot?.data[0]?.[cursor];
    const counts = time === undefined ? undefined : (series.seconds.get(time) ?? []);
    const rates = recentRates(series, rateSeconds);
    keep(
      legend,
      series.names.map((name, place) => ({ name, value: counts === undefined ? rates[place] : (counts[place] ?? 0) })),
      ({ name }) => name,
      ({ name }) => {
        const dot = element("span", `dot event-${colourOf(name, knownNames)}`);
        const button = element(
          "button",
          "legend-item",
          dot,
          element("span", "", name),
          element("span", "legend-value"),
        );
        button.type = "button";
        button.addEventListener("click", () => {
          if (!hidden.delete(name)) hidden.add(name);
          isDirty = true;
          drawLegend();
        });
        return button;
      },
      (button, { name, value }) => {
        button.setAttribute("aria-pressed", String(!hidden.has(name)));
        const shown = button.lastElementChild;
        if (shown !== null) setText(shown, formatRate(value ?? 0));
      },
    );
    container.setAttribute(
      "aria-label",
      `Events per second over the last ${windowSeconds / 60} minutes. Now: ` +
        series.names.map((name, place) => `${name} ${formatRate(rates[place] ?? 0)}`).join(", "),
    );
  }

  rebuild();
  requestAnimationFrame(frame);

  return {
    /**
     * @param {SeriesTile} change
     * @param {number} sentAt
     */
    add(change, sentAt) {
      series = mergeSeries(series, change, windowSeconds);
      serverAhead = sentAt - Date.now();
      // The edge stays behind what is complete, and comes closer again slowly.
      delay = Math.max(sentAt / 1000 - change.through + 0.6, delay - 0.05);
      if (series.names.join("\n") !== plottedNames) rebuild();
      isDirty = true;
      drawLegend();
    },
  };
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});
