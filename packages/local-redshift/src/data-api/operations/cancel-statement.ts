import { defineOperation } from "../../operations/operation.ts";
import type { DataApiContext } from "../context.ts";
import { idMalformed, notCancellable } from "../errors.ts";
import { isSettled } from "../statement.ts";
import { waitForStatement } from "../wait.ts";

/** How long a cancelled statement may take to stop before the call answers. */
const patienceSeconds = 10;

/**
 * CancelStatement: ends a statement that has not settled, a batch by its parent's id. Answers `Status: true` when it was stopped,
 * `false` when it settled by itself meanwhile or goes on for more than ten seconds.
 */
export const cancelStatement = defineOperation({
  shape: { Id: { type: "string", required: true } },
  async run(context: DataApiContext, input, { signal }) {
    const { statement, part } = context.statements.find(input.Id);
    if (part) throw idMalformed();
    if (isSettled(statement.status)) throw notCancellable(statement.status, statement.id);
    statement.cancellation.abort(new Error("ERROR: Query cancelled on user's request"));
    await waitForStatement(statement, { seconds: patienceSeconds, signal, limits: context.limits });
    return { Status: statement.status === "ABORTED" };
  },
});
