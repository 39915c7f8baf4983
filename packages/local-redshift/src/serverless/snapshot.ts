import type { Shape } from "../operations/input-shape.ts";
import { randomUUID } from "node:crypto";
import { arnOf } from "./arn.ts";
import type { ServerlessContext } from "./context.ts";
import { conflict, snapshotNotFound, validation } from "./errors.ts";
import type { NamespaceRecord, ServerlessState, SnapshotRecord } from "./state.ts";

const bytesInMegabyte = 2 ** 20;
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
 * Takes a snapshot of a namespace: a copy of its database, or of one in memory a note alone, which cannot be restored.
 * Throws a `ConflictException` for a name that is taken, a `ValidationException` for a retention that is neither -1 nor 1 to 3653 days.
 */
export async function takeSnapshot(
  context: ServerlessContext,
  draft: ServerlessState,
  namespace: NamespaceRecord,
  { snapshotName, retentionPeriod = indefinitely }: { snapshotName: string; retentionPeriod?: number | undefined },
): Promise<SnapshotRecord> {
  checkRetention(retentionPeriod);
  const live = liveSnapshots(context.now(), draft);
  if (live.some((other) => other.snapshotName === snapshotName)) {
    throw conflict(`Snapshot ${snapshotName} already exists.`);
  }
  const at = new Date(context.now()).toISOString();
  const snapshotId = randomUUID();
  const bytes = await context.databases.copy(namespace, snapshotId);
  const record: SnapshotRecord = {
    snapshotId,
    snapshotName,
    namespaceId: namespace.namespaceId,
    namespaceName: namespace.namespaceName,
    adminUsername: namespace.adminUsername,
    ...(namespace.adminPasswordHash === undefined ? {} : { adminPasswordHash: namespace.adminPasswordHash }),
    ...(bytes === undefined ? {} : { database: { name: namespace.dbName, bytes } }),
    kmsKeyId: namespace.kmsKeyId,
    creationDate: at,
    retentionStartDate: at,
    retentionPeriod,
  };
  for (const { snapshotId } of draft.snapshots ?? [])
    if (!live.some((other) => other.snapshotId === snapshotId)) await context.databases.removeCopy(snapshotId);
  draft.snapshots = [...live, record];
  return record;
}

/** Refuses a retention that is neither -1 nor 1 to 3653 days. */
export function checkRetention(retentionPeriod: number): void {
  if (retentionPeriod === indefinitely || (retentionPeriod >= 1 && retentionPeriod <= greatestRetentionDays)) return;
  throw validation(`retentionPeriod must be -1 or from 1 to ${greatestRetentionDays} days, got ${retentionPeriod}.`);
}

/** The snapshots whose retention is not over at a moment, in epoch milliseconds. */
export function liveSnapshots(at: number, state: ServerlessState): readonly SnapshotRecord[] {
  return (state.snapshots ?? []).filter((record) => (remainingMs(at, record) ?? 1) > 0);
}

/** The snapshot of a name or an ARN. Throws when neither is given, and a `ResourceNotFoundException` when there is none. */
export function findSnapshot(
  context: ServerlessContext,
  state: ServerlessState,
  input: { readonly snapshotName?: string; readonly snapshotArn?: string; readonly ownerAccount?: string },
): SnapshotRecord {
  const { snapshotName, snapshotArn, ownerAccount = context.accountId } = input;
  const asked = snapshotName ?? snapshotArn;
  if (asked === undefined) throw validation("Either snapshotName or snapshotArn must be given.");
  const record = liveSnapshots(context.now(), state).find(
    (snapshot) =>
      (snapshotName === undefined || snapshot.snapshotName === snapshotName) &&
      (snapshotArn === undefined || arnOf(context, "snapshot", snapshot.snapshotId) === snapshotArn),
  );
  if (!record || ownerAccount !== context.accountId) throw snapshotNotFound(asked);
  return record;
}

/** The members by which a snapshot is asked for. */
export const snapshotChoice = {
  snapshotName: { type: "string" },
  snapshotArn: { type: "string" },
  ownerAccount: { type: "string" },
} as const satisfies Shape;

function remainingMs(at: number, record: SnapshotRecord): number | undefined {
  if (record.retentionPeriod === indefinitely) return undefined;
  return Date.parse(record.retentionStartDate) + record.retentionPeriod * dayMs - at;
}

/** A snapshot as the API answers it. */
export function describeSnapshot(context: ServerlessContext, record: SnapshotRecord): Record<string, unknown> {
  const left = remainingMs(context.now(), record);
  const megabytes = (record.database?.bytes ?? 0) / bytesInMegabyte;
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
    totalBackupSizeInMegaBytes: megabytes,
    actualIncrementalBackupSizeInMegaBytes: megabytes,
    backupProgressInMegaBytes: megabytes,
    currentBackupRateInMegaBytesPerSecond: 0,
    estimatedSecondsToCompletion: 0,
    elapsedTimeInSeconds: 0,
    accountsWithRestoreAccess: [],
    accountsWithProvisionedRestoreAccess: [],
  };
}
