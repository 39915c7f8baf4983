// The page: one stream of events in, tiles out.

import { createChart } from "./chart.js";
import { createCounts } from "./counts.js";
import { byId, element, keep, setText } from "./elements.js";
import { formatAgo, formatRate, readable } from "./format.js";
import { barsTile, freshnessTile, latestTile, quarantineTile, statusesTile } from "./tiles.js";
import { ticker } from "./ticker.js";

/** @typedef {import("../feed/page-state.ts").PageConfig} PageConfig */
/** @typedef {import("../feed/page-state.ts").PageChange} PageChange */
/** @typedef {import("../feed/page-state.ts").PageSnapshot} PageSnapshot */
/** @typedef {import("../feed/page-state.ts").TotalTile} TotalTile */
/** @typedef {import("../feed/page-state.ts").TileState} TileState */

/** @type {Map<string, (state: TileState, sentAt: number) => void>} */
const tiles = new Map();
const showTotal = ticker(byId("total"));
const showCounts = createCounts(byId("counts"));
/** @type {(() => void)[]} */
const eachSecond = [];
let lastHeardAt = 0;
let isConnected = false;
/** @type {string | null} */
let problem = null;
/** @type {string | undefined} */
let builtFor;

const source = new EventSource("/events");
source.addEventListener("snapshot", (event) => {
  /** @type {PageSnapshot} */
  const snapshot = JSON.parse(event.data);
  build(snapshot.config);
  apply(snapshot);
});
source.addEventListener("update", (event) => apply(JSON.parse(event.data)));
source.addEventListener("open", () => {
  isConnected = true;
  showConnection();
});
source.addEventListener("error", () => {
  isConnected = false;
  showConnection();
});
setInterval(() => {
  showConnection();
  for (const tick of eachSecond) tick();
}, 1000);

/** @param {PageConfig} config */
function build(config) {
  const identity = JSON.stringify(config);
  if (builtFor === identity) return;
  if (builtFor !== undefined) return location.reload();
  builtFor = identity;
  setText(byId("stage"), config.stage);
  byId("stage").hidden = false;
  setText(byId("stream"), config.streamName);
  for (const id of ["local-note", "speed-note"]) byId(id).hidden = config.stage !== "local";
  document.title = `Millrace · ${config.stage}`;
  for (const tile of config.tiles) buildTile(tile, config);
}

/**
 * @param {PageConfig["tiles"][number]} tile
 * @param {PageConfig} config
 */
function buildTile({ id, title, chart }, config) {
  if (chart === "total") {
    setText(byId("total-title"), title);
    tiles.set(id, ({ content }) => content && showHero(/** @type {TotalTile} */ (content)));
    return;
  }
  const { body, fault, root } = card(title, chart);
  const draw = drawer(chart, body, config);
  body.classList.toggle("is-waiting", chart !== "series");
  tiles.set(id, ({ content, error }, sentAt) => {
    fault.hidden = error === undefined;
    root.classList.toggle("is-stale", error !== undefined);
    if (error !== undefined) setText(fault, `This query failed. ${error}`);
    if (content === undefined) return;
    body.classList.remove("is-waiting");
    draw(content, sentAt);
  });
}

/**
 * @param {PageConfig["tiles"][number]["chart"]} chart
 * @param {HTMLElement} body
 * @param {PageConfig} config
 * @returns {(content: any, sentAt: number) => void}
 */
function drawer(chart, body, { windowSeconds, knownNames }) {
  switch (chart) {
    case "series": {
      const legend = byId("legend");
      const container = element("div", "chart");
      container.setAttribute("role", "img");
      body.append(container);
      const { add } = createChart({ container, legend, windowSeconds, knownNames });
      return add;
    }
    case "freshness": {
      const show = freshnessTile(body);
      return (content, sentAt) => show(content, transitMs(sentAt));
    }
    case "events": {
      const { show, ages } = latestTile(body, knownNames);
      eachSecond.push(ages);
      return show;
    }
    case "statuses":
      return statusesTile(body);
    case "quarantine":
      return quarantineTile(body);
    default:
      return barsTile(body);
  }
}

/**
 * @param {string} title
 * @param {string} chart
 */
function card(title, chart) {
  const fixed = document.querySelector(`[data-chart="${chart}"]`);
  const fault = element("p", "fault");
  fault.hidden = true;
  const body = element("div", "card-body");
  const heading = element("h2", "", title);
  const root = fixed instanceof HTMLElement ? fixed : element("section", `card tile tile-${chart}`);
  const legend = root.querySelector(".legend");
  root.prepend(heading);
  root.append(fault, body);
  if (legend !== null) root.append(legend);
  if (fixed === null) byId("tiles").append(root);
  return { root, body, fault };
}

/** @param {PageChange} change */
function apply(change) {
  lastHeardAt = Date.now();
  for (const [id, state] of Object.entries(change.tiles)) tiles.get(id)?.(state, change.sentAt);
  if (change.counts !== undefined) showCounts(change.counts);
  if (change.problem !== undefined) problem = change.problem;
  if (change.isEmpty !== undefined) document.body.classList.toggle("is-empty", change.isEmpty);
  if (change.isEmpty !== undefined) byId("empty").hidden = !change.isEmpty;
  showConnection();
}

/** @type {WeakMap<Element, (value: number) => void>} */
const familyTickers = new WeakMap();

/** @param {TotalTile} total */
function showHero({ events, families, quarantined, perSecond }) {
  showTotal(events);
  // The number that counts up is late; this is the one that is known.
  byId("total").dataset.total = String(events);
  setText(byId("rate"), formatRate(perSecond));
  keep(
    byId("families"),
    [...families, { name: "quarantined", events: quarantined }],
    ({ name }) => name,
    ({ name }) => {
      const value = element("span", "family-count");
      const item = element("li", "family", element("span", "family-name", readable(name)), value);
      familyTickers.set(item, ticker(value));
      return item;
    },
    (item, family) => familyTickers.get(item)?.(family.events),
  );
}

function showConnection() {
  const banner = byId("banner");
  const age = Date.now() - lastHeardAt;
  const isLost = !isConnected && lastHeardAt > 0;
  document.body.classList.toggle("is-lost", isLost);
  const text = isLost
    ? "Connection lost. What you see is what was last known; trying again every second."
    : problem === null
      ? ""
      : `The warehouse does not answer yet. ${problem}`;
  banner.hidden = text === "";
  if (text !== "") setText(banner, text);
  const pulse = byId("pulse");
  pulse.className = `pulse ${isLost || problem !== null ? "pulse-lost" : lastHeardAt === 0 ? "" : "pulse-live"}`;
  setText(byId("heard"), healthText(isLost, age));
}

/**
 * @param {boolean} isLost
 * @param {number} ageMs
 */
function healthText(isLost, ageMs) {
  if (lastHeardAt === 0) return isConnected ? "The pipeline is starting" : "Connecting";
  if (isLost) return `Last heard ${formatAgo(ageMs)}`;
  if (problem !== null) return "Waiting";
  return ageMs < 3000 ? "Live" : `Updated ${formatAgo(ageMs)}`;
}

/**
 * From the server to here, where the two clocks agree well enough to tell.
 * @param {number} sentAt
 */
function transitMs(sentAt) {
  const ms = Date.now() - sentAt;
  return ms > 0 && ms < 10_000 ? ms : 0;
}
