export { migrate, throwIfFailed } from "./migrate.ts";
export type { MigrateOptions, MigrationProgress } from "./migrate.ts";
export type { LockHolder } from "./run-lock.ts";
export { listMigrations, listMigrationsSync } from "./migration-directory.ts";
export { MigrationError } from "./migration-error.ts";
export type { MigrationKind } from "./migration-file.ts";
export type { MigrationEntry, MigrationFailure, MigrationResult } from "./migration-result.ts";
