export { migrate, throwIfFailed } from "./migrate.ts";
export { finishRebuild, rebuildStreamingView, undoRebuild } from "./rebuild/rebuild.ts";
export type {
  BeginRebuildOptions,
  RebuildOptions,
  RebuildOutcome,
  RebuildStep,
  RebuildTarget,
} from "./rebuild/rebuild.ts";
export type { MigrateOptions, MigrationProgress } from "./migrate.ts";
export type { LockHolder } from "./run-lock.ts";
export { listMigrations, listMigrationsSync } from "./migration-directory.ts";
export { MigrationError } from "./migration-error.ts";
export { callerName } from "./caller-name.ts";
export { inspectMigrations } from "./inspect.ts";
export type { Inspection, InspectedMigration, InspectOptions, MigrationState } from "./inspect.ts";
export { makeMigration } from "./make-migration.ts";
export type { MigrationKind } from "./migration-file.ts";
export type { MigrationEntry, MigrationFailure, MigrationResult } from "./migration-result.ts";
