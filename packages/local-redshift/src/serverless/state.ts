import type { PasswordHash } from "./admin-password.ts";

/** All that the control plane remembers; what the state file holds. */
export interface ServerlessState {
  readonly version: 1;
  readonly namespaces: NamespaceRecord[];
  readonly workgroups: WorkgroupRecord[];
  readonly usageLimits: UsageLimitRecord[];
  /** Oldest first; absent in files written before snapshots were known. */
  snapshots?: readonly SnapshotRecord[];
}

/** A status that ends by itself. */
export interface Transition {
  readonly status: "CREATING" | "MODIFYING" | "DELETING";
  /** Epoch milliseconds at which the record is available, or gone. */
  readonly until: number;
}

/** A tag of a resource. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** A namespace as it is kept. */
export interface NamespaceRecord {
  readonly namespaceId: string;
  readonly namespaceName: string;
  adminUsername: string;
  /** Only when the password was given; a managed one lives in its secret. */
  adminPasswordHash?: PasswordHash;
  adminPasswordSecretArn?: string;
  adminPasswordSecretKmsKeyId?: string;
  dbName: string;
  kmsKeyId: string;
  defaultIamRoleArn?: string;
  iamRoles: readonly string[];
  logExports: readonly string[];
  /** ISO 8601. */
  readonly creationDate: string;
  tags: readonly Tag[];
  transition?: Transition;
}

/** A workgroup as it is kept. */
export interface WorkgroupRecord {
  readonly workgroupId: string;
  readonly workgroupName: string;
  readonly namespaceName: string;
  baseCapacity: number;
  maxCapacity?: number;
  enhancedVpcRouting: boolean;
  publiclyAccessible: boolean;
  /** Only what was set; the answer adds the defaults. */
  configParameters: Readonly<Record<string, string>>;
  subnetIds: readonly string[];
  securityGroupIds: readonly string[];
  port: number;
  ipAddressType: string;
  pricePerformanceTarget: { readonly status: string; readonly level?: number };
  trackName: string;
  extraComputeForAutomaticOptimization: boolean;
  /** ISO 8601. */
  readonly creationDate: string;
  tags: readonly Tag[];
  transition?: Transition;
}

/** A usage limit as it is kept. */
export interface UsageLimitRecord {
  readonly usageLimitId: string;
  readonly resourceArn: string;
  readonly usageType: string;
  readonly period: string;
  amount: number;
  breachAction: string;
}

/** A snapshot as it is kept; its data is a file of its own. */
export interface SnapshotRecord {
  readonly snapshotId: string;
  readonly snapshotName: string;
  readonly namespaceId: string;
  readonly namespaceName: string;
  readonly adminUsername: string;
  /** Only when the password was given, and not managed. */
  readonly adminPasswordHash?: PasswordHash;
  /** The database in it, and its size; absent when it holds no data, as one of a namespace that is kept in memory. */
  readonly database?: { readonly name: string; readonly bytes: number };
  readonly kmsKeyId: string;
  /** ISO 8601. */
  readonly creationDate: string;
  /** ISO 8601; the retention counts from here. */
  retentionStartDate: string;
  /** Days; -1 for good. */
  retentionPeriod: number;
}

/** A state with nothing in it. */
export function emptyState(): ServerlessState {
  return { version: 1, namespaces: [], workgroups: [], usageLimits: [] };
}
