import { checksum } from "./checksum.ts";
import { readDirectives } from "./directives.ts";
import type { Directives } from "./directives.ts";
import { lexSql, SqlSyntaxError } from "./lex-sql.ts";
import type { SqlPiece } from "./lex-sql.ts";
import { fillPlaceholders, placeholderNames } from "./placeholders.ts";
import type { PlaceholderValues } from "./placeholders.ts";
import { splitStatements } from "./split-statements.ts";
import type { Statement } from "./split-statements.ts";

/** `versioned` files run once, in the order of their numbers; `repeatable` files run again when their text changes. */
export type MigrationKind = "versioned" | "repeatable";

/** A migration file, parsed. */
export interface MigrationFile {
  /** File name without `.sql`: `V001__external_schema`, `R__events`. */
  readonly name: string;
  readonly kind: MigrationKind;
  /** Number of a versioned file, 0 for a repeatable one. */
  readonly version: number;
  readonly checksum: string;
  readonly directives: Directives;
  readonly pieces: readonly SqlPiece[];
  /** Names of the placeholders that its SQL uses. */
  readonly placeholders: readonly string[];
}

/** A migration whose placeholders have their values. */
export interface RenderedMigration extends MigrationFile {
  readonly statements: readonly Statement[];
  /** The values that this file uses, as JSON with sorted keys. */
  readonly usedValues: string;
}

/** Statements of a file that leave room in one batch for the lock, the fence and the ledger's own (40: Data API, BatchExecuteStatement). */
const maxStatementCount = 36;
/** Largest statement, in bytes of UTF-8 (200 KB: Data API quotas; taken as thousands to be on the safe side). */
const maxStatementBytes = 200_000;
const fileName = /^(?:V(\d{3,})|R)__[a-z0-9_]+$/;
/** The ledger's column holds no more. */
const maxNameLength = 128;

/** Parses one file. Throws `SqlSyntaxError` with the line of the fault. */
export function parseMigration(name: string, text: string): MigrationFile {
  const [matches, digits] = fileName.exec(name) ?? [];
  if (!matches || name.length > maxNameLength) {
    throw new SqlSyntaxError(
      `migration files are called V001__lower_case.sql or R__lower_case.sql (${maxNameLength} characters at most)`,
      1,
    );
  }
  const kind = digits ? "versioned" : "repeatable";
  const directives = readDirectives(text);
  checkDirectives(kind, directives);
  const pieces = lexSql(text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"));
  const placeholders = placeholderNames(pieces);
  return { name, kind, version: Number(digits ?? 0), checksum: checksum(text), directives, pieces, placeholders };
}

/** Fills the placeholders and cuts the statements. Throws `SqlSyntaxError` for an unknown placeholder and for what no batch can carry. */
export function renderMigration(file: MigrationFile, values: PlaceholderValues): RenderedMigration {
  const statements = splitStatements(fillPlaceholders(file.pieces, values));
  if (statements.length === 0) throw new SqlSyntaxError("the file has no statement", 1);
  if (file.directives.noTransaction && statements.length > 1) {
    throw new SqlSyntaxError(
      `a no-transaction file has one statement, this one has ${statements.length}: what ran of several cannot be told after a lost answer; make a file of each`,
      statements[1]?.line ?? 1,
    );
  }
  if (statements.length > maxStatementCount) {
    throw new SqlSyntaxError(
      `a file has at most ${maxStatementCount} statements, to run as one transaction; this one has ${statements.length}`,
      statements[maxStatementCount]?.line ?? 1,
    );
  }
  for (const { sql, line } of statements) {
    const bytes = Buffer.byteLength(sql);
    if (bytes > maxStatementBytes)
      throw new SqlSyntaxError(`a statement has at most ${maxStatementBytes} bytes, this one has ${bytes}`, line);
    const control = /^(BEGIN|COMMIT|END|ROLLBACK|ABORT|START\s+TRANSACTION)\b/i.exec(sql)?.[0];
    if (control)
      throw new SqlSyntaxError(`${control} is not for migrations: each file is one transaction by itself`, line);
  }
  const used = [...file.placeholders].sort().map((name) => [name, values[name]]);
  return { ...file, statements, usedValues: JSON.stringify(Object.fromEntries(used)) };
}

function checkDirectives(kind: MigrationKind, { noTransaction, doneWhen, after }: Directives): void {
  if (doneWhen && !noTransaction)
    throw new SqlSyntaxError("done-when belongs to no-transaction: a transaction leaves no doubt", 1);
  if (doneWhen && !/^SELECT\s/i.test(doneWhen))
    throw new SqlSyntaxError("done-when must be a SELECT that returns a row when it is done", 1);
  if (kind === "repeatable" && noTransaction)
    throw new SqlSyntaxError("a repeatable file runs in a transaction; no-transaction is for versioned ones", 1);
  if (kind === "versioned" && after.length > 0)
    throw new SqlSyntaxError("after is for repeatable files; versioned ones run by number", 1);
}
