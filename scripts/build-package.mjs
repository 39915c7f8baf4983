// Builds a package for use outside this repository: JavaScript, declarations, a package.json, README and licence.
//   node scripts/build-package.mjs packages/NAME [FOLDER]     FOLDER is packages/NAME/dist unless given, and is replaced.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = join(import.meta.dirname, "..");
const [, , name = "", folder = join(name, "dist")] = process.argv;
const source = resolve(name);
const built = resolve(folder);
const read = (directory) => JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));

rmSync(built, { recursive: true, force: true });
const compiler = join(root, "node_modules/typescript/bin/tsc");
try {
  execFileSync(process.execPath, [compiler, "-p", join(source, "tsconfig.build.json"), "--outDir", built], {
    stdio: "inherit",
  });
} catch {
  // The compiler has said what is wrong, and what it wrote all the same must not be taken for a package.
  rmSync(built, { recursive: true, force: true });
  process.exit(1);
}
writeFileSync(join(built, "package.json"), `${JSON.stringify(describeBuilt(read(source)), null, 2)}\n`);
copyFileSync(join(source, "README.md"), join(built, "README.md"));
copyFileSync(join(root, "LICENSE"), join(built, "LICENSE"));

/** The package.json of the built package: the source's, without what serves the repository only. */
function describeBuilt({ private: _private, devDependencies: _devDependencies, dependencies, exports, ...rest }) {
  const entries = Object.entries(exports)
    .filter(([, path]) => path.startsWith("./src/"))
    .map(([entry, path]) => [entry, { types: path.replace(/\.ts$/, ".d.ts"), default: path.replace(/\.ts$/, ".js") }]);
  return {
    ...rest,
    // The oldest Node that the repository's own npm scripts meet, and a test runs the built package on it.
    engines: read(root).engines,
    exports: Object.fromEntries(entries),
    files: ["bin/*.mjs", "src"],
    dependencies,
  };
}
