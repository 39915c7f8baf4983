import type { LanguageObject } from "../catalogue-object.ts";
import { publicOid } from "./privilege.ts";

const language = (oid: number, name: string, isForAll: boolean): LanguageObject => ({
  kind: "language",
  oid,
  name,
  owner: "rdsdb",
  grants: isForAll ? [{ to: publicOid, privilege: "usage", by: 1 }] : [],
});

/**
 * Languages as a new database has them: all users may use those in SQL. The file keeps one only after a GRANT or REVOKE on it. Source:
 * Database Developer Guide, udf-security-and-privileges, stored-procedure-security-and-privileges.
 */
export const builtInLanguages: readonly LanguageObject[] = [
  language(14, "sql", true),
  language(15, "plpgsql", true),
  language(16, "plpythonu", false),
];
