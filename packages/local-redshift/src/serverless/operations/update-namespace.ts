import type { InputOf } from "../../operations/input-shape.ts";
import { defineOperation } from "../../operations/operation.ts";
import { hashPassword } from "../admin-password.ts";
import type { ServerlessContext } from "../context.ts";
import { conflict, namespaceNotFound, notBuilt, validation } from "../errors.ts";
import { checkCredentials, checkRoles, createAdminSecret, describeNamespace, namespaceMembers } from "../namespace.ts";
import type { NamespaceRecord } from "../state.ts";

/**
 * Members that may change in one request. Source: API reference, UpdateNamespace: "unless required, you can't update multiple
 * parameters in one request"; its example pairs the admin's name with the password.
 */
const kinds = [
  ["adminUsername", "adminUserPassword", "manageAdminPassword", "adminPasswordSecretKmsKeyId"],
  ["kmsKeyId"],
  ["iamRoles", "defaultIamRoleArn"],
  ["logExports"],
] as const;
const unbuiltMembers = ["logDestinationType", "s3TableAction", "s3TableNames", "s3TableKmsKeyId", "s3TableGranularity"];

/** UpdateNamespace. */
export const updateNamespace = defineOperation({
  shape: namespaceMembers,
  async run(context: ServerlessContext, input) {
    const unbuilt = unbuiltMembers.find((member) => member in input);
    if (unbuilt) throw notBuilt(unbuilt);
    const { namespaceName } = input;
    const given = kinds.filter((kind) => kind.some((member) => input[member] != null));
    if (given.length > 1) {
      throw validation(`Can't update multiple configurations at the same time for namespace ${namespaceName}.`);
    }
    checkCredentials(input);

    return context.registry.change(async (draft) => {
      const record = draft.namespaces.find((candidate) => candidate.namespaceName === namespaceName);
      if (!record) throw namespaceNotFound(namespaceName);
      if (context.registry.statusOf(record) !== "AVAILABLE") {
        throw conflict("There is an operation running on the namespace. Try updating the namespace again later.");
      }
      const transition = context.registry.enter("MODIFYING");
      if (transition) record.transition = transition;
      await updateCredentials(context, record, input);
      if (input.kmsKeyId != null) record.kmsKeyId = input.kmsKeyId;
      if (input.logExports != null) record.logExports = input.logExports;
      if (input.iamRoles != null) record.iamRoles = input.iamRoles;
      // An empty ARN takes the default role away.
      if (input.defaultIamRoleArn === "") delete record.defaultIamRoleArn;
      else if (input.defaultIamRoleArn != null) record.defaultIamRoleArn = input.defaultIamRoleArn;
      checkRoles(record.defaultIamRoleArn, record.iamRoles);
      return { namespace: describeNamespace(context, record) };
    });
  },
});

async function updateCredentials(
  context: ServerlessContext,
  record: NamespaceRecord,
  input: InputOf<typeof namespaceMembers>,
): Promise<void> {
  const { secrets } = context;
  if (input.adminUsername != null && input.adminUsername !== record.adminUsername) {
    throw validation("The admin user's name can't be changed in this local Redshift Serverless.");
  }
  if (input.manageAdminPassword && !record.adminPasswordSecretArn) {
    record.adminPasswordSecretArn = await createAdminSecret(context, record.namespaceName, record.adminUsername);
    record.adminPasswordSecretKmsKeyId = input.adminPasswordSecretKmsKeyId ?? "AWS_OWNED_KMS_KEY";
    delete record.adminPasswordHash;
  } else if (input.adminPasswordSecretKmsKeyId != null && record.adminPasswordSecretArn) {
    record.adminPasswordSecretKmsKeyId = input.adminPasswordSecretKmsKeyId;
  }
  if (input.adminUserPassword === undefined && input.manageAdminPassword !== false) return;
  if (input.adminUserPassword === undefined && record.adminPasswordSecretArn) {
    throw validation("Turning manageAdminPassword off needs adminUserPassword.");
  }
  if (input.adminUserPassword !== undefined) {
    record.adminPasswordHash = await hashPassword(input.adminUserPassword);
    if (record.adminPasswordSecretArn) await secrets.remove(record.adminPasswordSecretArn);
    delete record.adminPasswordSecretArn;
    delete record.adminPasswordSecretKmsKeyId;
  }
}
