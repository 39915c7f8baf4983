import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { families } from "@millrace/events";
import { workspaceDirectory } from "./workspace-copy.ts";

/** A file of web requests and what an independent count of it gives. */
export interface RequestsFile {
  readonly path: string;
  readonly lines: number;
  /** Requests by status, as text → count. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Sum of bytes by path; a path whose requests all lack bytes has null. */
  readonly bytesByPath: Readonly<Record<string, number | null>>;
}

interface Request {
  readonly path: string;
  readonly status: number;
  readonly bytes: number | null;
}

/** The real web-server requests where they lie beside the checkout, and a generated file of the same form where not. */
export function requestsFile(): RequestsFile {
  const real = join(workspaceDirectory, "../shared/data/web-requests.ndjson.gz");
  const path = existsSync(real) ? real : generate(9_999);
  const requests = gunzipSync(readFileSync(path))
    .toString()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Request);
  const byStatus: Record<string, number> = {};
  const bytesByPath: Record<string, number | null> = {};
  for (const request of requests) {
    byStatus[request.status] = (byStatus[request.status] ?? 0) + 1;
    const sum = bytesByPath[request.path] ?? null;
    bytesByPath[request.path] = request.bytes === null ? sum : (sum ?? 0) + request.bytes;
  }
  return { path, lines: requests.length, byStatus, bytesByPath };
}

/** A small seeded generator (mulberry32): the same file each time. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function generate(count: number): string {
  const family = families.find((one) => one.name === "web_requests");
  if (!family) throw new Error("the contract has no family web_requests");
  const random = seededRandom(7);
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify(family.sample(random, Date.UTC(2026, 0, 1) + index * 1000)),
  );
  const path = join(mkdtempSync(join(tmpdir(), "millrace-requests-")), "web-requests.ndjson.gz");
  writeFileSync(path, gzipSync(`${lines.join("\n")}\n`));
  return path;
}
