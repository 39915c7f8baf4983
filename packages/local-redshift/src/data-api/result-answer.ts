import { SerializedAnswer, type WireRequest } from "@millrace/local-wire";
import { readToken, writeToken } from "../operations/pages.ts";
import { describeResultColumn } from "./column-metadata.ts";
import type { DataApiContext } from "./context.ts";
import { resultFormatDiffers, resultMissing, tokenInvalid } from "./errors.ts";
import type { ResultFormat } from "./result-pages.ts";
import { waitForStatement, waitTimeSeconds } from "./wait.ts";

/** The members that fetch a result. */
export const resultMembers = {
  Id: { type: "string", required: true },
  NextToken: { type: "string" },
  WaitTimeSeconds: waitTimeSeconds,
} as const;

/** One page of a result: the JSON text of its `Records`, and the other members of the answer. */
export interface ResultAnswer {
  readonly records: string;
  readonly rest: Record<string, unknown>;
}

/**
 * Reads a page of a result. Throws a `ResourceNotFoundException` while there is none: the statement has no result set, failed, or
 * still runs when the seconds are over.
 */
export async function readResult(
  context: DataApiContext,
  input: { readonly Id: string; readonly NextToken?: string; readonly WaitTimeSeconds?: number },
  format: ResultFormat,
  { signal }: WireRequest,
): Promise<ResultAnswer> {
  const { statement, part: named } = context.statements.find(input.Id);
  await waitForStatement(statement, { seconds: input.WaitTimeSeconds, signal, limits: context.limits });
  // UNCONFIRMED: the id of a batch without `:n`. Each of its statements has a result of its own, so it has none.
  const part = named ?? (statement.isBatch ? undefined : statement.parts[0]);
  if (!part?.result || part.status !== "FINISHED") throw resultMissing(input.Id);
  const { result } = part;
  if (result.format !== format) throw resultFormatDiffers(result.format);
  const page = input.NextToken ? readToken(input.NextToken) : 0;
  if (page === undefined || page >= result.pageCount) throw tokenInvalid();
  return {
    records: await result.readPage(page),
    rest: {
      ColumnMetadata: result.columns.map(describeResultColumn),
      TotalNumRows: result.rowCount,
      NextToken: page + 1 < result.pageCount ? writeToken(page + 1) : undefined,
    },
  };
}

/**
 * The answer as it leaves: for JSON the text is put together, so that a result is written once and its integers keep all digits;
 * any other protocol gets objects.
 */
export function assembleAnswer({ records, rest }: ResultAnswer, { protocol }: WireRequest): unknown {
  if (protocol === "json") return new SerializedAnswer(`{"Records":${records},${JSON.stringify(rest).slice(1)}`);
  return { Records: JSON.parse(records) as unknown, ...rest };
}
