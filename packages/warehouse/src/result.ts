import { GetStatementResultCommand } from "@aws-sdk/client-redshift-data";
import type { Field } from "@aws-sdk/client-redshift-data";
import type { Call } from "./retry.ts";
import type { WarehouseClient } from "./warehouse.ts";

/**
 * One cell: integers are numbers up to 2^53 - 1 and text of digits beyond, where the client keeps those digits; DECIMAL, dates, times,
 * VARBYTE (hex) and SUPER (JSON text) are text.
 */
export type Cell = null | boolean | number | string;

/** The rows of one statement, all pages of them. */
export interface QueryResult {
  readonly statementId: string;
  /** `typeName` is Redshift's: int4, int8, varchar, timestamp, numeric, super, … */
  readonly columns: readonly { readonly name: string; readonly typeName: string }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Reads a finished statement's rows, page by page. The whole result is held in memory: the service ends at 500 MB compressed. */
export async function readResult(
  { client, call }: { client: WarehouseClient; call: Call },
  statementId: string,
  signal: AbortSignal | undefined,
): Promise<QueryResult> {
  const columns: { name: string; typeName: string }[] = [];
  const rows: Cell[][] = [];
  let token: string | undefined;
  do {
    const input = { Id: statementId, ...(token && { NextToken: token }) };
    const sendOptions = signal ? { abortSignal: signal } : {};
    const page = await call(() => client.send(new GetStatementResultCommand(input), sendOptions), signal);
    if (token === undefined) {
      for (const { label, name, typeName } of page.ColumnMetadata ?? []) {
        columns.push({ name: label || name || "", typeName: typeName ?? "" });
      }
    }
    for (const record of page.Records ?? []) rows.push(record.map(decodeField));
    token = page.NextToken || undefined;
  } while (token !== undefined);
  return { statementId, columns, rows };
}

/** The one value that a field of the Data API holds. Throws for a field that holds none. */
export function decodeField(field: Field): Cell {
  if (field.stringValue !== undefined) return field.stringValue;
  if (field.longValue !== undefined) return decodeLong(field.longValue);
  if (field.doubleValue !== undefined) return Number(field.doubleValue);
  if (field.booleanValue !== undefined) return field.booleanValue;
  if (field.isNull) return null;
  if (field.blobValue !== undefined) return Buffer.from(field.blobValue).toString("hex");
  throw new Error(
    `a field of a statement's result holds no known value: ${Object.keys(field).join(", ") || "nothing"}`,
  );
}

/**
 * Client 3.1169.0 parses a result's integers as doubles, so digits beyond 2^53 are gone before anybody can see them (observed with a
 * scripted service); where a client hands over a bigint they are kept. A number with lost digits is an error, never a wrong value.
 */
function decodeLong(value: number | bigint): number | string {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new RangeError(
      `an integer beyond 2^53 - 1 (about ${value}) came through the AWS SDK without its last digits; cast the column to VARCHAR in the SQL`,
    );
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
