import { invalidArgument } from "../errors.ts";

/** What `GetResourcePolicy` answers for a resource without a policy. Recorded on AWS (localstack/localstack:tests/aws/services/kinesis). */
export const NO_POLICY = "{}";

/** What every statement must say. Source: IAM user guide, grammar of the JSON policy language. */
const ELEMENTS = [
  ["Effect"],
  ["Principal", "NotPrincipal"],
  ["Action", "NotAction"],
  ["Resource", "NotResource"],
] as const;

/**
 * Throws `InvalidArgumentException` for what is no resource-based policy: JSON with statements that allow or deny somebody
 * something. The texts are not confirmed on AWS, nor is what else it checks. Policies are kept and shown; nobody is
 * refused because of one.
 */
export function checkPolicy(policy: string): void {
  const statements = readStatements(policy);
  if (statements.length === 0) throw invalidArgument("The policy has no statement.");
  for (const statement of statements) {
    if (typeof statement !== "object" || statement === null) throw invalidArgument("A statement is not a JSON object.");
    for (const names of ELEMENTS) {
      if (!names.some((name) => name in statement)) throw invalidArgument(`A statement has no ${names[0]} element.`);
    }
    const { Effect } = statement as { Effect?: unknown };
    if (Effect !== "Allow" && Effect !== "Deny") throw invalidArgument("The Effect of a statement is Allow or Deny.");
  }
}

function readStatements(policy: string): readonly unknown[] {
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    throw invalidArgument("The policy is not valid JSON.");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw invalidArgument("The policy is not a JSON object.");
  }
  const { Statement: statement = [] } = document as { Statement?: unknown };
  return Array.isArray(statement) ? statement : [statement];
}
