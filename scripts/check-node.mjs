// Says in one sentence why nothing else will work, instead of a syntax error from the first .ts file.
const major = Number(process.versions.node.split(".")[0]);
if (major !== 24) {
  console.error(
    `Millrace runs on Node 24, which \`npm ci\` installs beside the project, but this script met Node ${process.versions.node}: ` +
      "run it through npm (`npm start`, `npm test`, `npx millrace …`), and check that `npm ci` did not omit optional dependencies.",
  );
  process.exit(1);
}
