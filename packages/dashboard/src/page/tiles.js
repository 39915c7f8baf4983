// How each kind of tile is drawn: a function makes the body once and returns one that takes contents.

import { colourOf } from "./chart.js";
import { element, keep, setText } from "./elements.js";
import {
  formatAgo,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatPlural,
  formatShare,
  readable,
} from "./format.js";

/** @typedef {import("../feed/page-state.ts").RowsTile} RowsTile */
/** @typedef {import("../feed/page-state.ts").LatestEvent} LatestEvent */
/** @typedef {import("../feed/freshness.ts").Freshness} Freshness */
/** @typedef {import("../feed/freshness.ts").Percentiles} Percentiles */

/**
 * A list of labels with a bar each; the second column is the length, a third one stands beside it.
 * @param {HTMLElement} body
 */
export function barsTile(body) {
  const list = element("ol", "bars");
  const nothing = element("p", "nothing", "Nothing yet.");
  body.append(list, nothing);
  return (/** @type {RowsTile} */ { columns, rows }) => {
    nothing.hidden = rows.length > 0;
    const longest = Math.max(1, ...rows.map((row) => Number(row[1])));
    keep(
      list,
      rows,
      (row) => String(row[0]),
      (row) => {
        const label = element("span", "bar-label", String(row[0]));
        label.title = String(row[0]);
        return element(
          "li",
          "bar",
          element("span", "bar-fill"),
          label,
          element("span", "bar-more"),
          element("span", "bar-value"),
        );
      },
      (item, row) => {
        const [fill, , more, value] = item.children;
        if (fill instanceof HTMLElement) fill.style.width = `${(100 * Number(row[1])) / longest}%`;
        if (value) setText(value, formatCount(Number(row[1])));
        if (more) setText(more, row.length > 2 && row[2] !== null ? formatCell(columns[2] ?? "", row[2] ?? null) : "");
      },
    );
  };
}

/**
 * Web requests by status: one bar in four parts, and each status with its count and share.
 * @param {HTMLElement} body
 */
export function statusesTile(body) {
  const classes = ["1", "2", "3", "4", "5"];
  const mix = element("div", "mix");
  mix.setAttribute("aria-hidden", "true");
  const list = element("ul", "statuses");
  const nothing = element("p", "nothing", "No web requests yet.");
  body.append(mix, list, nothing);
  return (/** @type {RowsTile} */ { rows }) => {
    nothing.hidden = rows.length > 0;
    mix.hidden = rows.length === 0;
    const whole = rows.reduce((sum, row) => sum + Number(row[1]), 0);
    keep(
      mix,
      classes
        .map((first) => ({
          first,
          requests: rows.reduce((sum, row) => sum + (String(row[0]).startsWith(first) ? Number(row[1]) : 0), 0),
        }))
        .filter(({ requests }) => requests > 0),
      ({ first }) => first,
      ({ first }) => element("span", `mix-part status-${first}`),
      (part, { requests }) => {
        part.style.flexGrow = String(requests / whole);
      },
    );
    keep(
      list,
      rows.toSorted((a, b) => Number(b[1]) - Number(a[1])).slice(0, 8),
      (row) => String(row[0]),
      (row) =>
        element(
          "li",
          "status",
          element("span", `dot status-${String(row[0])[0]}`),
          element("span", "status-code", String(row[0])),
          element("span", "status-meaning", meaningOf(Number(row[0]))),
          element("span", "status-share"),
          element("span", "status-count"),
        ),
      (item, row) => {
        const [, , , share, count] = item.children;
        if (share) setText(share, formatShare(Number(row[1]), whole));
        if (count) setText(count, formatCount(Number(row[1])));
      },
    );
  };
}

/**
 * What is in quarantine, by reason.
 * @param {HTMLElement} body
 */
export function quarantineTile(body) {
  const list = element("ul", "reasons");
  const nothing = element("p", "nothing", "Nothing: every event met its contract.");
  const where = element(
    "p",
    "note",
    "Each one is kept, with its reason, in ",
    element("code", "", "public.bad_events"),
    ".",
  );
  body.append(list, nothing, where);
  return (/** @type {RowsTile} */ { rows }) => {
    where.hidden = rows.length === 0;
    nothing.hidden = rows.length > 0;
    keep(
      list,
      rows,
      (row) => String(row[0]),
      (row) =>
        element(
          "li",
          "reason",
          reasonName(String(row[0])),
          element("span", "reason-ago"),
          element("span", "reason-count"),
        ),
      (item, row) => {
        const [, ago, count] = item.children;
        const newest = Date.parse(`${String(row[2]).trim().replace(" ", "T")}Z`);
        if (ago) setText(ago, Number.isNaN(newest) ? "" : formatAgo(Date.now() - newest));
        if (count) setText(count, formatCount(Number(row[1])));
      },
    );
  };
}

/**
 * From arrival to visible, and to this page: median and 95th percentile on a scale from 10 ms to 10 s.
 * @param {HTMLElement} body
 */
export function freshnessTile(body) {
  const visible = measure("Arrival to visible");
  const page = measure("Arrival to this page");
  const scale = element("div", "scale");
  scale.setAttribute("aria-hidden", "true");
  for (const ms of [10, 100, 1000, 10_000]) {
    const mark = element("span", "scale-mark", formatDuration(ms));
    mark.style.left = `${onScale(ms)}%`;
    scale.append(mark);
  }
  const note = element("p", "note");
  body.append(visible.root, page.root, scale, note);
  return (/** @type {Freshness} */ freshness, /** @type {number} */ transitMs = 0) => {
    visible.show(freshness.visible);
    page.show(freshness.page && { p50: freshness.page.p50 + transitMs, p95: freshness.page.p95 + transitMs });
    const basis = freshness.basis === "commit" ? "Visible at the commit" : "Visible taken as the start";
    setText(
      note,
      freshness.records === 0
        ? "No record arrived in the last minute."
        : `${basis} of the refresh. Last minute, ${formatPlural(freshness.records, "record")}.`,
    );
  };
}

/** @param {string} title */
function measure(title) {
  const p50 = element("span", "measure-p50", "–");
  const p95 = element("span", "measure-p95", "–");
  const bar = element("span", "measure-bar");
  const root = element(
    "div",
    "measure",
    element("div", "measure-title", title),
    element(
      "div",
      "measure-values",
      p50,
      element("span", "measure-unit", "median"),
      p95,
      element("span", "measure-unit", "p95"),
    ),
    element("div", "measure-track", bar),
  );
  return {
    root,
    show(/** @type {Percentiles | undefined} */ value) {
      setText(p50, value === undefined ? "–" : formatDuration(value.p50));
      setText(p95, value === undefined ? "–" : formatDuration(value.p95));
      bar.hidden = value === undefined;
      if (value === undefined) return;
      const from = onScale(value.p50);
      bar.style.left = `${from}%`;
      bar.style.width = `${Math.max(1.5, onScale(value.p95) - from)}%`;
    },
  };
}

/**
 * The latest events, newest first.
 * @param {HTMLElement} body
 * @param {readonly string[]} knownNames
 */
export function latestTile(body, knownNames) {
  const rowsBody = element("tbody");
  const head = element("tr", "", ...["Arrived", "Event", "User", "What"].map((name) => headCell(name)));
  const table = element("table", "latest", element("thead", "", head), rowsBody);
  const nothing = element("p", "nothing", "None yet.");
  body.append(element("div", "scroll", table), nothing);
  const newest = element("span", "newest-age");
  body.closest(".card")?.querySelector("h2")?.append(newest);
  let newestAt = 0;

  function ages() {
    setText(newest, newestAt === 0 ? "" : `newest ${formatAgo(Date.now() - newestAt)}`);
  }

  return {
    ages,
    show(/** @type {{ latest: readonly LatestEvent[] }} */ { latest }) {
      newestAt = latest[0]?.at ?? 0;
      nothing.hidden = latest.length > 0;
      table.hidden = latest.length === 0;
      /** @type {Map<string, number>} */
      const seen = new Map();
      const keyed = latest.toReversed().map((event) => {
        const base = `${event.at} ${event.name} ${event.user} ${event.path ?? ""} ${event.status ?? ""}`;
        const repeat = (seen.get(base) ?? 0) + 1;
        seen.set(base, repeat);
        return { event, key: `${base} ${repeat}` };
      });
      const known = new Set([...rowsBody.rows].map((row) => row.dataset.key));
      const newCount = keyed.filter(({ key }) => !known.has(key)).length;
      // A few new rows are worth a look; where all are new at every refresh, colour would only flicker.
      const rowClass = newCount <= 3 ? "arriving" : "";
      keep(
        rowsBody,
        keyed.toReversed(),
        ({ key }) => key,
        ({ event }) =>
          element(
            "tr",
            rowClass,
            element("td", "latest-at", formatClock(event.at)),
            element("td", "latest-name", element("span", `dot event-${colourOf(event.name, knownNames)}`), event.name),
            element("td", "latest-user", event.user),
            latestDetail(event),
          ),
        () => undefined,
      );
      ages();
    },
  };
}

/** @param {string} text a reason, and after a blank the attribute that it is about */
function reasonName(text) {
  const [reason = "", field = ""] = text.split(" ", 2);
  const name = element("span", "reason-name", readable(reason));
  if (field !== "") name.append(" ", element("code", "", field));
  return name;
}

/** @param {LatestEvent} event */
function latestDetail(event) {
  const cell = element("td", "latest-what");
  if (event.status !== null)
    cell.append(element("span", `tag status-${String(event.status)[0]}`, String(event.status)), " ");
  if (event.path !== null) {
    const path = element("span", "latest-path", event.path);
    path.title = event.path;
    cell.append(path);
  }
  return cell;
}

/** @param {string} name */
function headCell(name) {
  const cell = element("th", "", name);
  cell.scope = "col";
  return cell;
}

/** @param {number} ms */
function onScale(ms) {
  return Math.min(100, Math.max(0, (100 * (Math.log10(Math.max(1, ms)) - 1)) / 3));
}

/**
 * @param {string} column
 * @param {null | boolean | number | string} cell
 */
function formatCell(column, cell) {
  if (cell === null) return "–";
  if (column === "bytes") return formatBytes(Number(cell));
  return typeof cell === "number" ? formatCount(cell) : String(cell);
}

/** @param {number} status */
function meaningOf(status) {
  const meanings = /** @type {Record<number, string>} */ ({
    200: "OK",
    201: "Created",
    204: "No content",
    206: "Partial content",
    301: "Moved permanently",
    302: "Found",
    304: "Not modified",
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    416: "Range not satisfiable",
    429: "Too many requests",
    500: "Server error",
    502: "Bad gateway",
    503: "Unavailable",
    504: "Gateway timeout",
  });
  const classes = ["", "Information", "Success", "Redirection", "Client error", "Server error"];
  return meanings[status] ?? classes[Math.floor(status / 100)] ?? "";
}
