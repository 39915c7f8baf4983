import type { MigrationResult } from "./migration-result.ts";

/**
 * Migrations that did not all end well. Without `result`: the files, the values or the ledger forbid a run, `problems` says why and nothing ran.
 * With `result`: a file failed, and `result` says what was applied before it.
 */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
  /** One sentence for each thing that is wrong, with file and line where they are known. */
  readonly problems: readonly string[];
  readonly result: MigrationResult | undefined;

  constructor(problems: readonly string[], result?: MigrationResult) {
    const done = result
      ? `; ${result.applied.length} applied before it, ${result.notTried.length} not tried`
      : "; nothing was run";
    super(
      problems.length === 1
        ? `${problems[0]}${done}`
        : `${problems.length} problems${done}:\n${problems.map((text) => `- ${text}`).join("\n")}`,
    );
    this.problems = problems;
    this.result = result;
  }
}
