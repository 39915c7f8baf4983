import { isUtf8 } from "node:buffer";
import {
  BLOB,
  BOOLEAN,
  DuckDBBlobValue,
  DuckDBScalarFunction,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import { dateFunctions } from "./user-functions-date.ts";
import { superFunctions } from "./user-functions-super.ts";
import { textFunctions } from "./user-functions-text.ts";

/**
 * Makes the functions that translated SQL calls where DuckDB has none with Redshift's meaning. A NULL argument gives NULL; a thrown
 * error's message is Redshift's text. They run on Node's main thread, some 3 million calls a second.
 */
export function registerUserFunctions(connection: DuckDBConnection): void {
  for (const { name, parameters, result, call } of functions)
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        parameterTypes: parameters,
        returnType: result,
        mainFunction(_info, input, output) {
          const columns = parameters.map((_, index) => input.getColumnVector(index));
          for (let row = 0; row < input.rowCount; row += 1) {
            const args = columns.map((column) => column.getItem(row));
            output.setItem(row, args.includes(null) ? null : call(...args));
          }
          output.flush();
        },
      }),
    );
}

/** A function of ours: DuckDB's types of its arguments and result, and what it does with values that are not NULL. */
export interface UserFunction {
  readonly name: string;
  readonly parameters: readonly DuckDBType[];
  readonly result: DuckDBType;
  call(...args: readonly DuckDBValue[]): DuckDBValue;
}

const bytesOf = (value: DuckDBValue) =>
  value instanceof DuckDBBlobValue ? value.bytes : Buffer.from(value as string, "utf8");

const functions: readonly UserFunction[] = [
  ...dateFunctions,
  ...textFunctions,
  ...superFunctions,
  { name: "millrace_is_utf8", parameters: [BLOB], result: BOOLEAN, call: (value) => isUtf8(bytesOf(value)) },
  { name: "millrace_initcap", parameters: [VARCHAR], result: VARCHAR, call: (value) => initcap(value as string) },
];

/** The first letter of each word large, the others small; words are split by anything but letters and digits. */
function initcap(text: string): string {
  let start = true;
  let result = "";
  for (const char of text) {
    result += start ? char.toUpperCase() : char.toLowerCase();
    start = !/[\p{L}\p{N}]/u.test(char);
  }
  return result;
}
