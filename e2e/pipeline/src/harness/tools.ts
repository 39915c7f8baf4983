import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The first of some names on PATH. */
function findOnPath(names: readonly string[]): string | undefined {
  const candidates = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((directory) => names.map((name) => join(directory, name)));
  return candidates.find((path) => existsSync(path));
}

/** A Chromium for the page tests, or nothing. `MILLRACE_CHROMIUM` names one that is not on PATH. */
export function findChromium(): string | undefined {
  const mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  return (
    process.env["MILLRACE_CHROMIUM"] ??
    findOnPath(["chromium", "chromium-browser", "google-chrome"]) ??
    (existsSync(mac) ? mac : undefined)
  );
}

/** The Pulumi CLI on PATH, or nothing. */
export function findPulumi(): string | undefined {
  return findOnPath(["pulumi"]);
}

/** Says loudly, in the output of the run, what was not tested and how to have it tested. */
export function announceSkip(what: string, cure: string): void {
  process.stderr.write(`\n${"!".repeat(100)}\n!! SKIPPED: ${what}\n!! ${cure}\n${"!".repeat(100)}\n\n`);
}
