#!/usr/bin/env node
// Plain JavaScript, so that an older Node reaches the sentence below instead of a syntax error.
import { readFileSync } from "node:fs";

// The built package names the oldest Node it runs on. In the repository this is TypeScript, which Node runs since 22.18.
const { engines = { node: ">=22.18" } } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const minimum = engines.node.replace(">=", "");
if (process.versions.node.localeCompare(minimum, "en", { numeric: true }) < 0) {
  console.error(`local-kinesis needs Node ${minimum} or newer and met ${process.versions.node}: install a newer Node.`);
  process.exit(1);
}

const { main } = await import("../src/command/main.ts");
process.exitCode = await main(process.argv.slice(2));
