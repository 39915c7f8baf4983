import type {
  DuckDBBigIntType,
  DuckDBBlobType,
  DuckDBBlobValue,
  DuckDBBooleanType,
  DuckDBIntegerType,
  DuckDBType,
  DuckDBValue,
  DuckDBVarCharType,
} from "@duckdb/node-api";

/** A function of ours: DuckDB's types of its arguments and result, and what it does with values that are not NULL. */
export interface UserFunction {
  readonly name: string;
  readonly parameters: readonly DuckDBType[];
  readonly result: DuckDBType;
  call(...args: readonly DuckDBValue[]): DuckDBValue;
  /** It does something, and so is called once for each row, whatever its arguments. Default false. */
  readonly volatile?: boolean;
}

/** What a value of one of DuckDB's types is in JavaScript, for the types that our functions have. */
type ValueOf<Type extends DuckDBType> = Type extends DuckDBVarCharType
  ? string
  : Type extends DuckDBIntegerType
    ? number
    : Type extends DuckDBBigIntType
      ? bigint
      : Type extends DuckDBBooleanType
        ? boolean
        : Type extends DuckDBBlobType
          ? DuckDBBlobValue
          : never;

/** Declares `millrace_NAME`, whose `call` takes and gives JavaScript's values of the types. */
export function userFunction<const Parameters extends readonly DuckDBType[], Result extends DuckDBType>(
  name: string,
  parameters: Parameters,
  result: Result,
  call: (...args: { -readonly [At in keyof Parameters]: ValueOf<Parameters[At]> }) => ValueOf<Result> | null,
): UserFunction {
  return { name: `millrace_${name}`, parameters, result, call: call as UserFunction["call"] };
}
