#!/usr/bin/env node
import module from "node:module";
import { fileURLToPath } from "node:url";

// Plain JavaScript, so that an older Node reaches the sentence below instead of a syntax error.
const [major, minor] = process.versions.node.split(".").map(Number);
const how =
  "run it as `npx millrace …` from the project, which uses the Node 24 that `npm ci` installs (check that it did not omit optional dependencies)";
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`millrace needs Node 22.18 or newer and met ${process.versions.node}: ${how}.`);
  process.exit(1);
}
if (major !== 24) console.error(`millrace is tested on Node 24 and met ${process.versions.node}: ${how}.`);

// Node before 24.3, the newest that npm has for Macs with Apple's processors, calls stripping types experimental at every start.
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).startsWith("Type Stripping")) emitWarning.call(process, warning, ...rest);
};

// Taking the types out of a few hundred files is most of a start; what came of it is kept, also for the processes that this one starts.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../../../node_modules/.cache/compiled", import.meta.url));
module.enableCompileCache?.();

const { main } = await import("../src/main.ts");
process.exitCode = await main(process.argv.slice(2));
