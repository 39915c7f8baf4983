// The counts that add up: two equations with their numbers, and whether they hold.

import { element, keep, setText } from "./elements.js";
import { formatCount, formatPlural } from "./format.js";

/** @typedef {import("../feed/page-state.ts").CountsState} CountsState */
/** @typedef {{ key: string, value: number, label: string, sign: string }} Term */

/** @param {HTMLElement} body */
export function createCounts(body) {
  const records = equation("Records");
  const events = equation("Events");
  const flight = figure("In flight", "confirmed, not yet visible");
  const confirmed = figure("Confirmed", "to this run’s producer");
  const note = element("p", "note");
  const notes = element("ul", "notes");
  const summary = element("summary", "");
  const rows = element("tbody");
  const headings = ["Shard", "In the stream", "In the view", "Skipped", "In flight", "Compared at"];
  const table = element("table", "rows", element("thead", "", element("tr", "", ...headings.map(heading))), rows);
  const details = element("details", "shards", summary, element("div", "scroll", table));
  const equations = element("div", "equations", records.root, events.root);
  const figures = element("div", "figures", flight.root, confirmed.root);
  body.append(element("div", "sums-columns", equations, figures), note, notes, details);

  return (/** @type {CountsState} */ counts) => {
    showRecords(records, counts);
    showEvents(events, counts);
    body.dataset.countsOk = String(counts.phase === "ok" && counts.events?.ok === true);
    flight.show(counts.inFlight);
    confirmed.show(counts.confirmed);
    setText(note, withoutEventsText(counts));
    const lines = [...counts.notes, ...(counts.error === undefined ? [] : [counts.error])];
    keep(
      notes,
      lines,
      String,
      (line) => element("li", "note", line),
      () => undefined,
    );
    details.hidden = counts.perShard.length === 0;
    setText(summary, `By shard (${formatPlural(counts.perShard.length, "shard")})`);
    if (!details.open) return;
    keep(
      rows,
      counts.perShard,
      ({ shardId }) => shardId,
      () => element("tr", "", ...headings.map(() => element("td", ""))),
      (row, shard) => {
        const cells = [
          shard.shardId,
          formatCount(shard.stream ?? 0),
          formatCount(shard.view),
          formatCount(shard.skipped),
          formatCount(shard.inFlight ?? 0),
          shard.position === undefined ? "not reached yet" : `…${shard.position.slice(-12)}`,
        ];
        cells.forEach((text, place) => {
          const cell = row.children[place];
          if (cell) setText(cell, text);
        });
      },
    );
  };
}

/**
 * @param {ReturnType<typeof equation>} records
 * @param {CountsState} counts
 */
function showRecords(records, { phase, records: sides, recordsRead, error }) {
  if (sides === undefined) {
    records.show(
      [],
      error === undefined ? `Reading the stream: ${formatCount(recordsRead)} records` : "Not known",
      "wait",
    );
    return;
  }
  const { stream = 0, view, skipped, expired } = sides;
  const off = Math.abs(stream - (view - expired + skipped));
  const differs = off === 0 ? "Shards differ" : `Off by ${formatCount(off)}`;
  const text = phase === "ok" ? "Adds up" : phase === "settling" ? "Settling" : differs;
  const state = phase === "ok" ? "ok" : phase === "settling" ? "wait" : "bad";
  records.show(
    [
      { key: "stream", value: stream, label: "in the stream", sign: "" },
      { key: "view", value: view, label: "rows in the view", sign: "=" },
      ...(expired > 0 ? [{ key: "expired", value: expired, label: "older than the stream", sign: "−" }] : []),
      { key: "skipped", value: skipped, label: "skipped", sign: "+" },
    ],
    text,
    state,
  );
}

/**
 * @param {ReturnType<typeof equation>} events
 * @param {CountsState} counts
 */
function showEvents(events, { events: sides }) {
  if (sides === undefined) {
    events.show([], "Waiting for the warehouse", "wait");
    return;
  }
  const { total, typed, quarantined, ok } = sides;
  const off = Math.abs(total - (typed.activity + typed.web_requests + quarantined));
  events.show(
    [
      { key: "total", value: total, label: "events in them", sign: "" },
      { key: "activity", value: typed.activity, label: "activity", sign: "=" },
      { key: "web_requests", value: typed.web_requests, label: "web requests", sign: "+" },
      { key: "quarantined", value: quarantined, label: "quarantined", sign: "+" },
    ],
    ok ? "Adds up" : `Off by ${formatCount(off)}`,
    ok ? "ok" : "bad",
  );
}

/** @param {CountsState} counts */
function withoutEventsText({ events }) {
  if (events === undefined || events.withoutEvents === 0) return "";
  return `${formatPlural(events.withoutEvents, "record")} held no event: not JSON, a bare value, or an empty array.`;
}

/**
 * @param {string} title
 * @param {string} label
 */
function figure(title, label) {
  const value = element("span", "term-value");
  const root = element("div", "figure", element("h3", "", title), value, element("span", "term-label", label));
  root.hidden = true;
  return {
    root,
    /** @param {number | undefined} count */
    show(count) {
      root.hidden = count === undefined;
      if (count !== undefined) setText(value, formatCount(count));
    },
  };
}

/** @param {string} title */
function equation(title) {
  const state = element("span", "verdict verdict-wait", "…");
  const terms = element("div", "terms");
  const root = element("div", "equation", element("div", "equation-head", element("h3", "", title), state), terms);
  return {
    root,
    /**
     * @param {readonly Term[]} items
     * @param {string} verdict
     * @param {"ok" | "wait" | "bad"} kind
     */
    show(items, verdict, kind) {
      setText(state, verdict);
      state.className = `verdict verdict-${kind}`;
      keep(
        terms,
        items,
        ({ key }) => key,
        ({ label, sign }) => {
          const value = element("span", "term-value");
          const mark = element("span", "term-sign", sign);
          const term = element(
            "div",
            "term",
            mark,
            element("div", "term-body", value, element("span", "term-label", label)),
          );
          mark.hidden = sign === "";
          return term;
        },
        // All at once and without counting up: the sides must agree in every picture.
        (term, { value }) => {
          const shown = term.querySelector(".term-value");
          if (shown !== null) setText(shown, formatCount(value));
        },
      );
    },
  };
}

/** @param {string} name */
function heading(name) {
  const cell = element("th", "", name);
  cell.scope = "col";
  return cell;
}
