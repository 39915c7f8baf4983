import type { MigrationKind } from "./migration-file.ts";

/** A migration by name and checksum. */
export interface MigrationEntry {
  /** File name without `.sql`. */
  readonly name: string;
  /** SHA-256 of its text, line endings and trailing blanks aside. */
  readonly checksum: string;
  readonly kind: MigrationKind;
}

/** The file that stopped a run. */
export interface MigrationFailure extends MigrationEntry {
  readonly file: string;
  /** Line of the failed statement in the file, from 1; absent where the fault lies with no statement of it. */
  readonly line?: number;
  /** First 200 characters of the failed statement. */
  readonly statement?: string;
  /** The service's text. */
  readonly message: string;
  readonly cause: unknown;
}

/** How a run ended: every file of the directory is in exactly one of the four. */
export interface MigrationResult {
  /** Applied by this run, in order. */
  readonly applied: readonly MigrationEntry[];
  /** Found in the ledger as they are. */
  readonly alreadyApplied: readonly MigrationEntry[];
  readonly failed?: MigrationFailure;
  /** Pending files behind the failed one. */
  readonly notTried: readonly MigrationEntry[];
}
