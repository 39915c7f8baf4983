import type { Ledger, LedgerRow } from "./ledger.ts";
import type { RenderedMigration } from "./migration-file.ts";

/** A file that is to run, with the ledger's row of it as it was seen. */
export interface PendingMigration {
  readonly file: RenderedMigration;
  readonly seen: LedgerRow | undefined;
}

/** What a run has to do. With problems it does nothing. */
export interface Plan {
  readonly alreadyApplied: readonly RenderedMigration[];
  readonly pending: readonly PendingMigration[];
  readonly problems: readonly string[];
}

/** Compares the files, in the order in which they run, with the ledger. */
export function planRun(files: readonly RenderedMigration[], ledger: Ledger): Plan {
  const problems: string[] = [];
  const alreadyApplied: RenderedMigration[] = [];
  const pending: PendingMigration[] = [];

  for (const file of files) {
    const seen = ledger.get(file.name);
    if (seen && file.kind === "versioned") problems.push(...versionedProblems(file, seen));
    const isSame = seen?.state === "applied" && seen.checksum === file.checksum && seen.usedValues === file.usedValues;
    if (isSame) alreadyApplied.push(file);
    else pending.push({ file, seen });
  }
  return { alreadyApplied, pending, problems: [...problems, ...orderProblems(files, ledger)] };
}

function versionedProblems(file: RenderedMigration, seen: LedgerRow): readonly string[] {
  const by = `by ${seen.appliedBy} at ${seen.appliedAt} UTC`;
  if (seen.state !== "running" && seen.state !== "applied") {
    return [
      `${file.name}.sql: the ledger has it in the state "${seen.state}", which this version of Millrace does not know; use a newer one`,
    ];
  }
  if (seen.checksum !== file.checksum) {
    return [
      `${file.name}.sql: its text is not the one applied ${by} (checksum ${short(file.checksum)}, ledger ${short(seen.checksum)}); restore that text and write the change as a new file`,
    ];
  }
  if (seen.state === "running" && !file.directives.doneWhen) {
    return [
      `${file.name}.sql: claimed ${by} and never settled; see whether its statement happened, then set its state in millrace.ledger to 'applied' or delete its row`,
    ];
  }
  if (seen.state === "applied" && seen.usedValues !== file.usedValues) {
    return [
      `${file.name}.sql: applied ${by} with ${seen.usedValues}, now the values are ${file.usedValues}; a versioned file cannot follow: give the old values back, or write a new file that drops and makes its objects`,
    ];
  }
  return [];
}

function orderProblems(files: readonly RenderedMigration[], ledger: Ledger): readonly string[] {
  const names = new Set(files.map(({ name }) => name));
  const rows = [...ledger.values()].filter(({ kind }) => kind === "versioned");
  const strangers = rows
    .filter(({ name }) => !names.has(name))
    .map(
      ({ name }) =>
        `${name}: the ledger holds it and there is no such file; the warehouse was migrated by another version of the project`,
    );
  const highest = Math.max(
    0,
    ...files.filter(({ name, kind }) => kind === "versioned" && ledger.has(name)).map(({ version }) => version),
  );
  const late = files
    .filter(({ name, kind, version }) => kind === "versioned" && version < highest && !ledger.has(name))
    .map(({ name }) => `${name}.sql: not applied, though number ${highest} is; the ledger lost its row`);
  return [...strangers, ...late];
}

function short(checksum: string): string {
  return checksum.slice(0, 12);
}
