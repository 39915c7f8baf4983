import { createHash } from "node:crypto";
import { arnOf } from "./arn.ts";
import type { ServerlessContext } from "./context.ts";
import type { NamespaceRecord } from "./state.ts";

/** Source: Redshift management guide, serverless-snapshots-recovery-points. */
const everyMs = 30 * 60 * 1000;
const keptMs = 24 * 60 * 60 * 1000;

/** A recovery point of a namespace. */
export interface RecoveryPoint {
  readonly recoveryPointId: string;
  readonly at: number;
  readonly namespace: NamespaceRecord;
}

/**
 * The recovery points that the namespaces have now, newest first: one every 30 minutes from a namespace's creation, kept for 24 hours.
 * They follow from the clock and hold no data.
 */
export function recoveryPoints({ registry, now }: ServerlessContext): readonly RecoveryPoint[] {
  return registry.state.namespaces
    .flatMap((namespace) => {
      const start = Date.parse(namespace.creationDate);
      const newest = start + Math.floor((now() - start) / everyMs) * everyMs;
      const points: RecoveryPoint[] = [];
      for (let at = newest; at > start && at > now() - keptMs; at -= everyMs) points.push(makePoint(namespace, at));
      return points;
    })
    .toSorted((a, b) => b.at - a.at);
}

/** The same point has the same id whenever it is looked at. */
function makePoint(namespace: NamespaceRecord, at: number): RecoveryPoint {
  const hex = createHash("sha256").update(`${namespace.namespaceId} ${at}`).digest("hex");
  const recoveryPointId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return { recoveryPointId: recoveryPointId.join("-"), at, namespace };
}

/** A recovery point as the API answers it. */
export function describeRecoveryPoint(context: ServerlessContext, point: RecoveryPoint): Record<string, unknown> {
  const { namespace } = point;
  const workgroup = context.registry.state.workgroups.find(
    ({ namespaceName }) => namespaceName === namespace.namespaceName,
  );
  return {
    recoveryPointId: point.recoveryPointId,
    recoveryPointCreateTime: new Date(point.at).toISOString(),
    totalSizeInMegaBytes: 0,
    namespaceName: namespace.namespaceName,
    namespaceArn: arnOf(context, "namespace", namespace.namespaceId),
    workgroupName: workgroup?.workgroupName,
  };
}
