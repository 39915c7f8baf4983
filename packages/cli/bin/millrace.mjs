#!/usr/bin/env node
// Plain JavaScript, so that an older Node reaches the sentence below instead of a syntax error.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `millrace needs Node 22.18 or newer and met ${process.versions.node}: run it as \`npx millrace …\` from the project, ` +
      "which uses the Node 24 that `npm ci` installs (check that it did not omit optional dependencies).",
  );
  process.exit(1);
}
const { main } = await import("../src/main.ts");
process.exitCode = await main(process.argv.slice(2));
