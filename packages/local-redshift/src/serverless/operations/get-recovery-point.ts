import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { notFound } from "../errors.ts";
import { describeRecoveryPoint, recoveryPoints } from "../recovery-point.ts";

/** GetRecoveryPoint. */
export const getRecoveryPoint = defineOperation({
  shape: { recoveryPointId: { type: "string", required: true } },
  run(context: ServerlessContext, { recoveryPointId }) {
    const point = recoveryPoints(context).find((candidate) => candidate.recoveryPointId === recoveryPointId);
    if (!point) throw notFound(`Recovery point ${recoveryPointId} not found.`, recoveryPointId);
    return { recoveryPoint: describeRecoveryPoint(context, point) };
  },
});
