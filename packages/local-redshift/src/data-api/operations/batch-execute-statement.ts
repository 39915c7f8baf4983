import { defineOperation } from "../../operations/operation.ts";
import type { DataApiContext } from "../context.ts";
import { submit, submitMembers } from "../submit.ts";

/** BatchExecuteStatement: 1 to 40 SQL statements, in one transaction unless the mode is AUTO_COMMIT. */
export const batchExecuteStatement = defineOperation({
  shape: {
    ...submitMembers,
    Sqls: { type: "list", required: true, minLength: 1, maxLength: 40, member: { type: "string" } },
    ExecutionMode: { type: "string", values: ["TRANSACTION", "AUTO_COMMIT"] },
  },
  run(context: DataApiContext, input, request) {
    const executionMode = input.ExecutionMode ?? "TRANSACTION";
    return submit(context, input, { sqls: input.Sqls, isBatch: true, executionMode }, request);
  },
});
