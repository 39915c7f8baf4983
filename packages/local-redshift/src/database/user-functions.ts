import { isUtf8 } from "node:buffer";
import { BLOB, BOOLEAN, DuckDBScalarFunction, VARCHAR, type DuckDBConnection } from "@duckdb/node-api";
import { userFunction, type UserFunction } from "./user-function.ts";
import { dateFunctions } from "./user-functions-date.ts";
import { superFunctions } from "./user-functions-super.ts";
import { textFunctions } from "./user-functions-text.ts";

/**
 * Makes the functions that translated SQL calls where DuckDB has none with Redshift's meaning. A NULL argument gives NULL; a thrown
 * error's message is Redshift's text. They run on Node's main thread, some 3 million calls a second.
 */
export function registerUserFunctions(connection: DuckDBConnection): void {
  registerFunctions(connection, functions);
}

/** Makes functions for all connections of the database. */
export function registerFunctions(connection: DuckDBConnection, functions: readonly UserFunction[]): void {
  for (const { name, parameters, result, call, volatile = false } of functions)
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        parameterTypes: parameters,
        returnType: result,
        volatile,
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

const functions: readonly UserFunction[] = [
  ...dateFunctions,
  ...textFunctions,
  ...superFunctions,
  userFunction("is_utf8", [BLOB], BOOLEAN, ({ bytes }) => isUtf8(bytes)),
  userFunction("initcap", [VARCHAR], VARCHAR, initcap),
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
