import { defineOperation } from "../../operations/operation.ts";
import type { DataApiContext } from "../context.ts";
import { assembleAnswer, readResult, resultMembers } from "../result-answer.ts";

/** GetStatementResult: a page of a result in JSON format, as members of the Field union. */
export const getStatementResult = defineOperation({
  shape: resultMembers,
  async run(context: DataApiContext, input, request) {
    return assembleAnswer(await readResult(context, input, "JSON", request), request);
  },
});
