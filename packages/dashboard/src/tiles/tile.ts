import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The ways the page can draw a tile. */
const charts = ["total", "series", "freshness", "events", "statuses", "bars", "quarantine"] as const;
export type Chart = (typeof charts)[number];

/** One query and how its answer is drawn: a file of `tiles/`. */
export interface Tile {
  /** The file's name without `.sql`. */
  readonly id: string;
  readonly title: string;
  readonly chart: Chart;
  /** Place among the tiles of the page; default 100. */
  readonly order: number;
  /**
   * Reads only rows of refreshes after `:since`; the server adds them to what it knows. May use `:window_start` (start of the moving
   * chart) and `:recent_start` (a minute ago).
   */
  readonly sql: string;
}

/** Where the page's own tiles are. */
const tilesDirectory = fileURLToPath(new URL("../../tiles/", import.meta.url));

/**
 * Reads every `*.sql` of a directory as a tile, by `order`, then id.
 * Throws one `Error` that names each fault of each file.
 */
export async function loadTiles(directory: string = tilesDirectory): Promise<readonly Tile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).toSorted();
  const problems: string[] = [];
  const tiles: Tile[] = [];
  for (const name of names) {
    const parsed = parseTile(name.slice(0, -".sql".length), await readFile(`${directory}/${name}`, "utf8"));
    if ("problems" in parsed) problems.push(...parsed.problems.map((problem) => `${name}: ${problem}`));
    else tiles.push(parsed);
  }
  if (problems.length > 0) throw new Error(`tiles cannot be read: ${problems.join("; ")}`);
  return tiles.toSorted((a, b) => a.order - b.order || a.id.localeCompare(b.id));
}

/** Reads one tile: `-- key: value` lines at the top (title, chart, and optionally order), then the statement. */
export function parseTile(id: string, text: string): Tile | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const header = new Map<string, string>();
  const lines = text.split(/\r?\n/);
  for (const line of lines) {
    const entry = /^--\s*([a-z]+):\s*(.+?)\s*$/.exec(line);
    if (entry === null) break;
    const [, key = "", value = ""] = entry;
    if (!["title", "chart", "order"].includes(key)) problems.push(`unknown header "${key}"`);
    if (header.has(key)) problems.push(`header "${key}" is given twice`);
    header.set(key, value);
  }
  const title = header.get("title") ?? "";
  const chart = header.get("chart") ?? "";
  const order = Number(header.get("order") ?? 100);
  const sql = lines
    .filter((line) => !line.startsWith("--"))
    .join("\n")
    .trim();
  if (title === "") problems.push('header "title" is missing');
  if (!isChart(chart)) problems.push(`chart must be one of ${charts.join(", ")}, got "${chart}"`);
  if (!Number.isFinite(order)) problems.push(`order must be a number, got "${header.get("order")}"`);
  if (sql === "") problems.push("the statement is missing");
  if (sql !== "" && !parameterNames(sql).has("since"))
    problems.push("the statement must compare refresh_time with :since");
  if (problems.length > 0 || !isChart(chart)) return { problems };
  return { id, title, chart, order, sql };
}

/** The names of the `:name` parameters that a statement uses. A cast (`::type`) is none. */
export function parameterNames(sql: string): ReadonlySet<string> {
  const withoutText = sql.replace(/'(?:[^']|'')*'/g, "''");
  return new Set(Array.from(withoutText.matchAll(/(?<!:):([a-z_][a-z0-9_]*)/gi), (match) => match[1] ?? ""));
}

function isChart(value: string): value is Chart {
  return (charts as readonly string[]).includes(value);
}
