import { scanSql } from "./sql-scan.ts";

/** Words before a literal that holds a role or a credential. */
const secretWords: ReadonlySet<string> = new Set([
  "iam_role",
  "credentials",
  "access_key_id",
  "secret_access_key",
  "session_token",
  "master_symmetric_key",
  "password",
]);

/**
 * The SQL as DescribeStatement and the query history show it: the literals of role ARNs and credentials are empty, so the text differs from what was
 * sent. Source: pulumi/pulumi-aws#5076, hashicorp/terraform-provider-aws#25775.
 */
export function redactSql(sql: string): string {
  let shown = "";
  let copied = 0;
  let isSecret = false;
  for (const token of scanSql(sql)) {
    if (token.kind === "string" && isSecret) {
      shown += `${sql.slice(copied, token.start)}''`;
      copied = token.end;
      isSecret = false;
    } else if (token.kind === "word") {
      const word = sql.slice(token.start, token.end).toLowerCase();
      isSecret = secretWords.has(word) || (isSecret && word === "as");
    } else {
      isSecret = false;
    }
  }
  return copied === 0 ? sql : shown + sql.slice(copied);
}
