// Adds up what every project's tests reported. The last line is for machines: `N passed, N failed, N skipped`.
// A project with tests but without a report did not run, and counts as a failure.
import { existsSync, readdirSync, readFileSync } from "node:fs";

const projects = ["packages", "e2e"].flatMap((folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = `${folder}/${name}/project.json`;
    if (!existsSync(path)) return [];
    const { targets } = JSON.parse(readFileSync(path, "utf8"));
    return targets.test || targets.e2e ? [folder === "e2e" ? `e2e-${name}` : name] : [];
  }),
);

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const project of projects) {
  const path = `.millrace/reports/${project}.test.json`;
  if (!existsSync(path)) {
    console.log(`${project}: no report, its tests did not run`);
    sum.failed++;
    continue;
  }
  const report = JSON.parse(readFileSync(path, "utf8"));
  sum.passed += report.numPassedTests;
  // A suite that fails to load reports no failed test of its own.
  sum.failed += Math.max(report.numFailedTests, report.success ? 0 : 1);
  sum.skipped += report.numPendingTests + report.numTodoTests;
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
