import type { Shape } from "../operations/input-shape.ts";
import { randomUUID } from "node:crypto";
import { arnOf } from "./arn.ts";
import type { ServerlessContext } from "./context.ts";
import { conflict, validation } from "./errors.ts";
import type { NamespaceRecord, ServerlessState, SnapshotRecord } from "./state.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** Kept until it is deleted. */
const indefinitely = -1;
/** Source: Redshift management guide, serverless-snapshots-recovery-points. */
const greatestRetentionDays = 3653;

/** The members that name a snapshot and say how many days it is kept; -1, the default, is for good. */
export const snapshotMembers = {
  // UNCONFIRMED: the model has this pattern for the name of a final snapshot only.
  snapshotName: { type: "string", required: true, maxLength: 255, pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/ },
  retentionPeriod: { type: "integer" },
} as const satisfies Shape;

/**
 * Notes a snapshot of a namespace: its name, time and retention. It holds no data, and restoring from it is refused as not built.
 * Throws a `ConflictException` for a name that is taken, a `ValidationException` for a retention that is neither -1 nor 1 to 3653 days.
 */
export function takeSnapshot(
  context: ServerlessContext,
  draft: ServerlessState,
  namespace: NamespaceRecord,
  { snapshotName, retentionPeriod = indefinitely }: { snapshotName: string; retentionPeriod?: number | undefined },
): SnapshotRecord {
  checkRetention(retentionPeriod);
  if (liveSnapshots(context, draft).some((other) => other.snapshotName === snapshotName)) {
    throw conflict(`Snapshot ${snapshotName} already exists.`);
  }
  const at = new Date(context.now()).toISOString();
  const record: SnapshotRecord = {
    snapshotId: randomUUID(),
    snapshotName,
    namespaceId: namespace.namespaceId,
    namespaceName: namespace.namespaceName,
    adminUsername: namespace.adminUsername,
    kmsKeyId: namespace.kmsKeyId,
    creationDate: at,
    retentionStartDate: at,
    retentionPeriod,
  };
  draft.snapshots = [...liveSnapshots(context, draft), record];
  return record;
}

/** Refuses a retention that is neither -1 nor 1 to 3653 days. */
export function checkRetention(retentionPeriod: number): void {
  if (retentionPeriod === indefinitely || (retentionPeriod >= 1 && retentionPeriod <= greatestRetentionDays)) return;
  throw validation(`retentionPeriod must be -1 or from 1 to ${greatestRetentionDays} days, got ${retentionPeriod}.`);
}

/** The snapshots whose retention is not over. */
export function liveSnapshots(context: ServerlessContext, state: ServerlessState): readonly SnapshotRecord[] {
  return (state.snapshots ?? []).filter((record) => (remainingMs(context, record) ?? 1) > 0);
}

function remainingMs({ now }: ServerlessContext, record: SnapshotRecord): number | undefined {
  if (record.retentionPeriod === indefinitely) return undefined;
  return Date.parse(record.retentionStartDate) + record.retentionPeriod * dayMs - now();
}

/** A snapshot as the API answers it. */
export function describeSnapshot(context: ServerlessContext, record: SnapshotRecord): Record<string, unknown> {
  const left = remainingMs(context, record);
  return {
    snapshotName: record.snapshotName,
    snapshotArn: arnOf(context, "snapshot", record.snapshotId),
    namespaceName: record.namespaceName,
    namespaceArn: arnOf(context, "namespace", record.namespaceId),
    adminUsername: record.adminUsername,
    kmsKeyId: record.kmsKeyId,
    ownerAccount: context.accountId,
    status: "AVAILABLE",
    snapshotCreateTime: record.creationDate,
    snapshotRetentionStartTime: record.retentionStartDate,
    snapshotRetentionPeriod: record.retentionPeriod,
    snapshotRemainingDays: left === undefined ? indefinitely : Math.ceil(left / dayMs),
    totalBackupSizeInMegaBytes: 0,
    actualIncrementalBackupSizeInMegaBytes: 0,
    backupProgressInMegaBytes: 0,
    currentBackupRateInMegaBytesPerSecond: 0,
    estimatedSecondsToCompletion: 0,
    elapsedTimeInSeconds: 0,
    accountsWithRestoreAccess: [],
    accountsWithProvisionedRestoreAccess: [],
  };
}
