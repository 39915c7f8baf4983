import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** A file of the page, held in memory. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly etag: string;
}

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

/** Every path that the page consists of: nothing else of this package is served. */
const sources: Readonly<Record<string, { readonly type: string; readonly from: URL }>> = {
  "/": { type: "text/html; charset=utf-8", from: page("index.html") },
  "/style.css": { type: style, from: page("style.css") },
  "/favicon.svg": { type: "image/svg+xml", from: page("favicon.svg") },
  ...Object.fromEntries(
    ["main.js", "chart.js", "format.js", "tiles.js", "counts.js", "elements.js", "series.js", "ticker.js"].map(
      (name) => [`/${name}`, { type: script, from: page(name) }],
    ),
  ),
  "/vendor/uplot.js": { type: script, from: new URL(import.meta.resolve("uplot/dist/uPlot.esm.js")) },
  "/vendor/uplot.css": { type: style, from: new URL(import.meta.resolve("uplot/dist/uPlot.min.css")) },
};

/** Reads the page's files, by path. Throws when one is missing. */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const entries = Object.entries(sources).map(async ([path, { type, from }]) => {
    const bytes = await readFile(from);
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    return [path, { type, bytes, etag }] as const;
  });
  return new Map(await Promise.all(entries));
}

function page(name: string): URL {
  return new URL(`../page/${name}`, import.meta.url);
}
