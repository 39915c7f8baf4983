import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fakePipeline, type FakePipeline, get, join, notJson, unknownEvent } from "../testing/fake-pipeline.ts";
import { type Dashboard, openDashboard, startDashboard } from "./dashboard.ts";
import type { PageChange, PageSnapshot } from "./feed/page-state.ts";
import { loadTiles } from "./tiles/tile.ts";

const shardId = "shardId-000000000000";
let pipeline: FakePipeline;
let page: Dashboard;

beforeAll(async () => {
  pipeline = fakePipeline({ tiles: await loadTiles() });
  page = await startDashboard({
    warehouse: pipeline.warehouse,
    kinesis: pipeline.kinesis,
    streamName: "millrace-local",
    stage: "local",
    port: 0,
    refreshMs: 250,
    confirmed: () => 42,
  });
});

afterAll(() => page.close());

describe("the page", () => {
  test("is served with everything it names, and nothing else", async () => {
    const html = await (await fetch(page.url)).text();
    const paths = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
    const pending = [...paths];
    const seen = new Set<string>();
    for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const response = await fetch(page.url + path);
      expect([path, response.status]).toEqual([path, 200]);
      const text = await response.text();
      if (!path.endsWith(".js")) continue;
      for (const [, imported = ""] of text.matchAll(/^import .*?from "([^"]+)"/gm))
        pending.push(new URL(imported, page.url + path).pathname);
    }
    expect([...seen].filter((path) => path.endsWith(".js")).length).toBeGreaterThan(5);
    for (const path of ["/main.js.map", "/../package.json", "/format.unit.test.ts", "/vendor/uplot.d.ts"])
      expect((await fetch(page.url + path)).status).toBe(404);
  });

  test("is kept to itself by its headers", async () => {
    const { headers } = await fetch(page.url);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("access-control-allow-origin")).toBeNull();
    const html = await (await fetch(page.url)).text();
    expect(html).not.toMatch(/https?:\/\/|<script>|style="| on[a-z]+="/);
  });

  test("is not sent again while it is the same", async () => {
    const etag = (await fetch(`${page.url}/style.css`)).headers.get("etag") ?? "";
    expect((await fetch(`${page.url}/style.css`, { headers: { "If-None-Match": etag } })).status).toBe(304);
  });

  test("refuses other hosts, other sites and other methods", async () => {
    expect(await statusOf({ host: "rebound.example" })).toBe(403);
    expect(await statusOf({ origin: "https://other.example" })).toBe(403);
    expect(await statusOf({ "sec-fetch-site": "cross-site" }, "/events")).toBe(403);
    expect((await fetch(page.url, { method: "POST" })).status).toBe(405);
  });
});

test("a page that is opened before the pipeline is there shows it from the moment it is", async () => {
  const early = await openDashboard({ stage: "local", port: 0 });
  const viewer = watch(early.url);
  expect((await fetch(early.url)).status).toBe(200);
  const show = (): (() => Promise<void>) =>
    early.show({ warehouse: pipeline.warehouse, kinesis: pipeline.kinesis, streamName: "late", refreshMs: 250 });
  show();
  expect(((await viewer.next("snapshot")) as PageSnapshot).config).toMatchObject({ streamName: "late" });
  await vi.waitFor(() => expect(viewer.state.tiles.records).toMatchObject({ content: {} }), 5_000);
  expect(show).toThrow("one pipeline");
  await early.close();
});

describe("the stream of events", () => {
  test("begins with a snapshot, also for one who comes back, and goes on with what changes", async () => {
    for (const body of [join, get, unknownEvent, notJson]) pipeline.put(shardId, body);
    pipeline.refresh();
    const viewer = watch(page.url);
    const snapshot = (await viewer.next("snapshot")) as PageSnapshot;
    expect(snapshot.config).toMatchObject({ stage: "local", streamName: "millrace-local", refreshMs: 250 });
    await vi.waitFor(() => expect(viewer.state.tiles.records).toMatchObject({ content: { events: 2, records: 4 } }));
    await vi.waitFor(
      () => expect(viewer.state.tiles["top-paths"]).toMatchObject({ content: { rows: [["/", 1, 7]] } }),
      5_000,
    );

    pipeline.put(shardId, get);
    pipeline.refresh();
    await vi.waitFor(() =>
      expect(viewer.state.tiles.records).toMatchObject({ content: { events: 3, quarantined: 1 } }),
    );
    await vi.waitFor(
      () =>
        expect(viewer.state.counts).toMatchObject({
          phase: "ok",
          records: { stream: 5, view: 5, skipped: 0, ok: true },
          events: { total: 4, typed: { activity: 1, web_requests: 2 }, quarantined: 1, withoutEvents: 1, ok: true },
          inFlight: 0,
          confirmed: 42,
        }),
      5_000,
    );
    viewer.close();

    const again = watch(page.url, { "Last-Event-ID": "3" });
    const second = (await again.next("snapshot")) as PageSnapshot;
    expect(second.tiles.records).toMatchObject({ content: { events: 3 } });
    expect(second.tiles.events).toMatchObject({ content: { reset: true, names: ["JOIN", "GET"] } });
    again.close();
  });

  test("asks once for all who watch", async () => {
    const viewers = [1, 2, 3, 4, 5].map(() => watch(page.url));
    await Promise.all(viewers.map((viewer) => viewer.next("update")));
    const [before, startedAt] = [pipeline.asked.length, performance.now()];
    await Promise.all(viewers.map((viewer) => viewer.next("update")));
    await viewers[0]?.next("update");
    const batches = pipeline.asked.slice(before).filter((name) => name.startsWith("batch"));
    expect(batches.length).toBeLessThanOrEqual(Math.ceil((performance.now() - startedAt) / 250) + 1);
    for (const viewer of viewers) viewer.close();
  });

  test("shows the fault of one tile in that tile, and goes on with the others", async () => {
    pipeline.failures.set("top-users", 'ERROR: column "user_id" does not exist');
    const viewer = watch(page.url);
    await vi.waitFor(
      () => expect(viewer.state.tiles["top-users"]?.error).toBe('ERROR: column "user_id" does not exist'),
      8_000,
    );
    pipeline.failures.clear();
    pipeline.put(shardId, join);
    pipeline.refresh();
    await vi.waitFor(() => expect(viewer.state.tiles.records).toMatchObject({ content: { events: 4 } }), 5_000);
    expect(viewer.state.problem).toBeNull();
    viewer.close();
  });

  test("says that the warehouse does not answer, and recovers", async () => {
    pipeline.failures.set("records", 'ERROR: relation "millrace.stream_records" does not exist');
    const viewer = watch(page.url);
    await vi.waitFor(() => expect(viewer.state.problem).toMatch(/does not exist .*migrations/), 5_000);
    pipeline.failures.clear();
    await vi.waitFor(() => expect(viewer.state.problem).toBeNull(), 5_000);
    viewer.close();
  });
});

describe("starting", () => {
  test("says what to do when the port is in use", async () => {
    const { warehouse, kinesis } = pipeline;
    const options = { warehouse, kinesis, streamName: "s", stage: "local" };
    await expect(startDashboard({ ...options, port: page.port })).rejects.toThrow(
      `port ${page.port} is in use: end what listens there, or give the page another port`,
    );
    await expect(startDashboard({ ...options, port: -1 })).rejects.toThrow(TypeError);
    await expect(startDashboard({ ...options, port: 0, refreshMs: 10 })).rejects.toThrow(/refreshMs must be from 250/);
  });

  test("ends connections and questions when it is closed", async () => {
    const other = fakePipeline({ tiles: await loadTiles() });
    const dashboard = await startDashboard({ ...other, streamName: "s", stage: "local", port: 0, refreshMs: 250 });
    const viewer = watch(dashboard.url);
    await viewer.next("update");
    await dashboard.close();
    await viewer.ended;
    const asked = other.asked.length;
    await expect(fetch(dashboard.url)).rejects.toThrow();
    expect(other.asked.length).toBe(asked);
  });
});

function statusOf(headers: Record<string, string>, path = "/"): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: page.port, path, headers }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    asked.on("error", reject).end();
  });
}

/** A reader of `/events` that keeps what the page would show. */
function watch(url: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const state: { tiles: Record<string, PageChange["tiles"][string]>; counts?: unknown; problem?: unknown } = {
    tiles: {},
  };
  const waiting: { event: string; resolve: (change: PageChange) => void }[] = [];
  const ended = read().catch(() => undefined);

  async function read(): Promise<void> {
    const response = await fetch(`${url}/events`, { headers, signal: stop.signal });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (text + chunk).split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) take(event);
    }
  }

  function take(event: string): void {
    const fields = Object.fromEntries(event.split("\n").map((line) => line.split(/: (.*)/, 2)));
    if (fields.data === undefined) return;
    const change = JSON.parse(fields.data) as PageChange;
    Object.assign(state, { counts: change.counts, problem: change.problem });
    Object.assign(state.tiles, change.tiles);
    const matching = waiting.filter((each) => each.event === fields.event);
    for (const each of matching) waiting.splice(waiting.indexOf(each), 1)[0]?.resolve(change);
  }

  return {
    state,
    ended,
    next: (event: "snapshot" | "update") =>
      new Promise<PageChange>((resolve) => {
        waiting.push({ event, resolve });
      }),
    close: () => stop.abort(),
  };
}
