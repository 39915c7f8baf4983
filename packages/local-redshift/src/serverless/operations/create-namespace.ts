import { randomUUID } from "node:crypto";
import { defineOperation } from "../../operations/operation.ts";
import { hashPassword } from "../admin-password.ts";
import type { ServerlessContext } from "../context.ts";
import { conflict, notBuilt, quotaExceeded, validation } from "../errors.ts";
import {
  checkCredentials,
  checkRoles,
  createAdminSecret,
  describeNamespace,
  maxNamespaceCount,
  namespaceMembers,
  tagList,
} from "../namespace.ts";
import type { NamespaceRecord } from "../state.ts";

const defaultAdminUsername = "admin";
const defaultDbName = "dev";

/** CreateNamespace. */
export const createNamespace = defineOperation({
  shape: {
    ...namespaceMembers,
    dbName: { type: "string", minLength: 1, maxLength: 127, pattern: /^[a-zA-Z][a-zA-Z_0-9+.@-]*$/ },
    tags: tagList,
    redshiftIdcApplicationArn: { type: "string" },
  },
  async run(context: ServerlessContext, input) {
    checkCredentials(input);
    if (input.adminPasswordSecretKmsKeyId !== undefined && !input.manageAdminPassword) {
      throw validation("You can specify adminPasswordSecretKmsKeyId only with manageAdminPassword.");
    }
    if (input.redshiftIdcApplicationArn !== undefined) throw notBuilt("redshiftIdcApplicationArn");
    const iamRoles = input.iamRoles ?? [];
    checkRoles(input.defaultIamRoleArn, iamRoles);

    return context.registry.change(async (draft) => {
      if (draft.namespaces.some(({ namespaceName }) => namespaceName === input.namespaceName)) {
        throw conflict(`Serverless namespace ${input.namespaceName} already exists.`);
      }
      if (draft.namespaces.length >= maxNamespaceCount) {
        throw quotaExceeded(`You can have at most ${maxNamespaceCount} namespaces.`);
      }
      const adminUsername = input.adminUsername ?? defaultAdminUsername;
      const transition = context.registry.enter("MODIFYING");
      const record: NamespaceRecord = {
        namespaceId: randomUUID(),
        namespaceName: input.namespaceName,
        adminUsername,
        dbName: input.dbName ?? defaultDbName,
        kmsKeyId: input.kmsKeyId ?? "AWS_OWNED_KMS_KEY",
        ...(input.defaultIamRoleArn ? { defaultIamRoleArn: input.defaultIamRoleArn } : {}),
        iamRoles,
        logExports: input.logExports ?? [],
        creationDate: new Date(context.now()).toISOString(),
        tags: input.tags ?? [],
        ...(transition ? { transition } : {}),
      };
      if (input.adminUserPassword !== undefined) {
        record.adminPasswordHash = await hashPassword(input.adminUserPassword);
      }
      if (input.manageAdminPassword) {
        record.adminPasswordSecretArn = await createAdminSecret(context, record.namespaceName, adminUsername);
        record.adminPasswordSecretKmsKeyId = input.adminPasswordSecretKmsKeyId ?? "AWS_OWNED_KMS_KEY";
      }
      draft.namespaces.push(record);
      return { namespace: describeNamespace(context, record) };
    });
  },
});
