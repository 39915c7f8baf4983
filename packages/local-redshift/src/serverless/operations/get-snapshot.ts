import { defineOperation } from "../../operations/operation.ts";
import type { ServerlessContext } from "../context.ts";
import { describeSnapshot, findSnapshot, snapshotChoice } from "../snapshot.ts";

/** GetSnapshot: by name or by ARN. */
export const getSnapshot = defineOperation({
  shape: snapshotChoice,
  run(context: ServerlessContext, input) {
    return { snapshot: describeSnapshot(context, findSnapshot(context, context.registry.state, input)) };
  },
});
