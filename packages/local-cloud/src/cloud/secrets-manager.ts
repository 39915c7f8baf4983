import { WireError, type WireRequest, type WireService } from "@millrace/local-wire";
import type { SecretStore, StoredSecret } from "./secret-store.ts";

/**
 * The part of Secrets Manager that readers use: GetSecretValue, DescribeSecret, ListSecrets. Secrets are made by the
 * services that manage them. Shapes and errors: https://docs.aws.amazon.com/secretsmanager/latest/apireference/
 */
export function makeSecretsManager(store: SecretStore): WireService {
  const operations: Record<string, (input: Record<string, unknown>) => unknown> = {
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

function require(store: SecretStore, input: Record<string, unknown>): StoredSecret {
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
