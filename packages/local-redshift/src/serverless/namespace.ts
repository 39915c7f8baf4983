import type { ListRule, Shape, StringRule } from "../operations/input-shape.ts";
import { arnOf } from "./arn.ts";
import { findPasswordProblem, generatePassword } from "./admin-password.ts";
import type { ServerlessContext } from "./context.ts";
import { validation } from "./errors.ts";
import type { NamespaceRecord } from "./state.ts";

/** Most namespaces of an account; source: Redshift management guide, amazon-redshift-limits. */
export const maxNamespaceCount = 25;

/** Rule for the name of a namespace or a workgroup. */
export const resourceName = {
  type: "string",
  required: true,
  minLength: 3,
  maxLength: 64,
  pattern: /^[a-z0-9-]+$/,
} as const satisfies StringRule;

/** Rule for a list of tags. */
export const tagList = {
  type: "list",
  maxLength: 200,
  member: {
    type: "structure",
    members: {
      key: { type: "string", required: true, minLength: 1, maxLength: 128 },
      value: { type: "string", required: true, maxLength: 256 },
    },
  },
} as const satisfies ListRule;

/** The members that creating and updating a namespace share. */
export const namespaceMembers = {
  namespaceName: resourceName,
  adminUsername: { type: "string", minLength: 1, maxLength: 128, pattern: /^[a-zA-Z][a-zA-Z_0-9+.@-]*$/ },
  adminUserPassword: { type: "string", sensitive: true },
  manageAdminPassword: { type: "boolean" },
  adminPasswordSecretKmsKeyId: { type: "string" },
  kmsKeyId: { type: "string" },
  defaultIamRoleArn: { type: "string" },
  iamRoles: { type: "list", member: { type: "string" } },
  logExports: {
    type: "list",
    maxLength: 16,
    member: { type: "string", values: ["useractivitylog", "userlog", "connectionlog"] },
  },
} as const satisfies Shape;

/** A namespace as the API answers it, with each role in a text (hashicorp/terraform-provider-aws#26624). */
export function describeNamespace(context: ServerlessContext, record: NamespaceRecord): Record<string, unknown> {
  return {
    namespaceArn: arnOf(context, "namespace", record.namespaceId),
    namespaceId: record.namespaceId,
    namespaceName: record.namespaceName,
    adminUsername: record.adminUsername,
    dbName: record.dbName,
    kmsKeyId: record.kmsKeyId,
    defaultIamRoleArn: record.defaultIamRoleArn,
    iamRoles: record.iamRoles.map((arn) => `IamRole(applyStatus=in-sync, iamRoleArn=${arn})`),
    logExports: record.logExports,
    status: context.registry.statusOf(record),
    creationDate: record.creationDate,
    adminPasswordSecretArn: record.adminPasswordSecretArn,
    adminPasswordSecretKmsKeyId: record.adminPasswordSecretKmsKeyId,
  };
}

/** Refuses credentials that contradict each other or that AWS would not take. */
export function checkCredentials(input: {
  readonly adminUserPassword?: string;
  readonly manageAdminPassword?: boolean;
  readonly adminPasswordSecretKmsKeyId?: string;
}): void {
  if (input.adminUserPassword !== undefined) {
    if (input.manageAdminPassword) {
      throw validation("You can't specify both adminUserPassword and manageAdminPassword. Give one of them.");
    }
    const problem = findPasswordProblem(input.adminUserPassword);
    if (problem) throw validation(`adminUserPassword ${problem}.`);
  }
  if (input.adminPasswordSecretKmsKeyId !== undefined && input.manageAdminPassword === false) {
    throw validation("You can specify adminPasswordSecretKmsKeyId only with manageAdminPassword.");
  }
}

/** Refuses a default role that is not among the namespace's roles. */
export function checkRoles(defaultIamRoleArn: string | undefined, iamRoles: readonly string[]): void {
  if (defaultIamRoleArn && !iamRoles.includes(defaultIamRoleArn)) {
    throw validation("defaultIamRoleArn must be one of iamRoles.");
  }
}

/**
 * Makes the secret of a managed admin password, `redshift!<namespace>-<user>`, and answers its ARN.
 * A secret of that name, left by a process that was killed before it could note it, is replaced.
 */
export async function createAdminSecret(
  context: ServerlessContext,
  namespaceName: string,
  adminUsername: string,
): Promise<string> {
  const name = `redshift!${namespaceName}-${adminUsername}`;
  if ((await context.secrets.get(name)) !== undefined) await context.secrets.remove(name);
  const value = JSON.stringify({ username: adminUsername, password: generatePassword() });
  return context.secrets.create(name, value, {
    description: `Secret associated with Amazon Redshift Serverless namespace ${namespaceName}`,
  });
}
