import { WireError, type WireRequest, type WireService } from "@millrace/local-wire";
import type { KeptSecrets, StoredSecret } from "./open-secret-store.ts";

/**
 * The part of Secrets Manager that readers use: GetSecretValue, DescribeSecret, ListSecrets, and CreateSecret for users beside the
 * admins. Admins' secrets are made by the service that manages them. Shapes and errors: https://docs.aws.amazon.com/secretsmanager/latest/apireference/
 */
export function makeSecretsManager(store: KeptSecrets): WireService {
  const operations: Record<string, (input: Record<string, unknown>) => unknown> = {
    CreateSecret: (input) => create(store, input),
    GetSecretValue: (input) => {
      const found = require(store, input);
      return {
        ARN: found.arn,
        Name: found.name,
        SecretString: found.value,
        VersionId: found.versionId,
        VersionStages: ["AWSCURRENT"],
        CreatedDate: new Date(found.createdAt),
      };
    },
    DescribeSecret: (input) => {
      const found = require(store, input);
      return { ...describe(found), VersionIdsToStages: { [found.versionId]: ["AWSCURRENT"] } };
    },
    ListSecrets: () => ({
      SecretList: store
        .list()
        .map((found) => ({ ...describe(found), SecretVersionsToStages: { [found.versionId]: ["AWSCURRENT"] } })),
    }),
  };
  return {
    targetPrefix: "secretsmanager",
    async handle({ operation, input }: WireRequest) {
      const answer = operations[operation];
      if (!answer)
        throw new WireError("UnknownOperationException", `The local Secrets Manager does not answer ${operation}.`);
      return answer(input);
    },
  };
}

async function create(store: KeptSecrets, input: Record<string, unknown>): Promise<unknown> {
  const { Name: name, SecretString: value, Description: description } = input;
  if (typeof name !== "string" || !/^[A-Za-z0-9/_+=.@!-]{1,512}$/.test(name) || typeof value !== "string")
    throw new WireError("ValidationException", "CreateSecret needs a valid Name and a SecretString here.", {
      member: "message",
    });
  if (store.find(name))
    throw new WireError("ResourceExistsException", `The operation failed because the secret ${name} already exists.`, {
      member: "Message",
    });
  const arn = await store.create(name, value, typeof description === "string" ? { description } : {});
  return { ARN: arn, Name: name, VersionId: store.find(arn)?.versionId };
}

function require(store: KeptSecrets, input: Record<string, unknown>): StoredSecret {
  const { SecretId: id } = input;
  if (typeof id !== "string" || id === "") {
    throw new WireError(
      "ValidationException",
      "1 validation error detected: Value at 'secretId' failed to satisfy constraint: Member must not be null",
      { member: "message" },
    );
  }
  const found = store.find(id);
  if (!found)
    throw new WireError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.", {
      member: "Message",
    });
  return found;
}

function describe(found: StoredSecret): Record<string, unknown> {
  return {
    ARN: found.arn,
    Name: found.name,
    ...(found.description ? { Description: found.description } : {}),
    CreatedDate: new Date(found.createdAt),
    LastChangedDate: new Date(found.createdAt),
  };
}
