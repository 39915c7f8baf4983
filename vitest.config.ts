import { basename, dirname, resolve } from "node:path";
import { defineConfig } from "vitest/config";

// One configuration for every project; `--root` names the project, and each run leaves its counts where `.ci/run` adds them up.
const rootFlag = process.argv.indexOf("--root");
const root = resolve(rootFlag > 0 ? (process.argv[rootFlag + 1] ?? ".") : ".");
const project = basename(dirname(root)) === "e2e" ? `e2e-${basename(root)}` : basename(root);

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    reporters: ["default", "json"],
    outputFile: { json: `${import.meta.dirname}/.millrace/reports/${project}.test.json` },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
