import { defineOperation } from "../../operations/operation.ts";
import type { DataApiContext } from "../context.ts";
import { assembleAnswer, readResult, resultMembers } from "../result-answer.ts";

/** GetStatementResultV2: a page of a result in CSV format, in chunks; the first has the header row, lines end with CR LF. */
export const getStatementResultV2 = defineOperation({
  shape: resultMembers,
  async run(context: DataApiContext, input, request) {
    const { records, rest } = await readResult(context, input, "CSV", request);
    return assembleAnswer({ records, rest: { ...rest, ResultFormat: "CSV" } }, request);
  },
});
