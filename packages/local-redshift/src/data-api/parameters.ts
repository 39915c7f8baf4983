import type { StatementParameter } from "../database/database.ts";
import { parametersUnused, validation } from "./errors.ts";
import { scanSql } from "../sql/sql-scan.ts";

/**
 * Gives each statement the parameters that it uses; a batch shares one list. Throws a `ValidationException` when a name comes twice
 * or no statement uses a parameter.
 */
export function shareParameters(
  sqls: readonly string[],
  parameters: readonly StatementParameter[] | undefined,
): readonly (readonly StatementParameter[] | undefined)[] {
  if (!parameters || parameters.length === 0) return sqls.map(() => undefined);
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  // UNCONFIRMED text: the same name twice.
  if (byName.size < parameters.length) throw validation("Parameters list contains duplicate parameters.");
  const unused = new Set(byName.keys());
  const shared = sqls.map((sql) => {
    const used = findParameterNames(sql);
    for (const name of used) unused.delete(name);
    return [...used].flatMap((name) => byName.get(name) ?? []);
  });
  if (unused.size > 0) throw parametersUnused([...unused]);
  return shared.map((used) => (used.length > 0 ? used : undefined));
}

/** The names written `:name` in a statement, outside literals and comments. */
export function findParameterNames(sql: string): ReadonlySet<string> {
  const names = new Set<string>();
  if (!sql.includes(":")) return names;
  for (const token of scanSql(sql)) {
    if (token.kind === "parameter") names.add(sql.slice(token.start + 1, token.end));
  }
  return names;
}
