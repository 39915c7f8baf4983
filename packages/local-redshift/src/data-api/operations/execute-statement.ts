import { defineOperation } from "../../operations/operation.ts";
import type { DataApiContext } from "../context.ts";
import { submit, submitMembers } from "../submit.ts";

/** ExecuteStatement: one SQL statement; a trailing `;` is fine. */
export const executeStatement = defineOperation({
  shape: { ...submitMembers, Sql: { type: "string", required: true } },
  run(context: DataApiContext, input, request) {
    return submit(context, input, { sqls: [input.Sql], isBatch: false, executionMode: "TRANSACTION" }, request);
  },
});
