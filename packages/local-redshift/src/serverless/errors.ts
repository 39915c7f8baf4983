import { WireError } from "@millrace/local-wire";

/*
 * The texts "Serverless workgroup x not found." and "Serverless namespace x not found." are the service's
 * (pulumi/pulumi-aws-native#614, guidance-for-game-analytics-pipeline-on-aws#100), as is "Can't update multiple configurations …"
 * (aws/aws-cli#7507). The texts of the other sentences are not confirmed; their types follow the API reference.
 */

/** Wrong or contradictory input. */
export function validation(message: string): WireError {
  return new WireError("ValidationException", message);
}

/** There is no namespace of this name. */
export function namespaceNotFound(namespaceName: string): WireError {
  return notFound(`Serverless namespace ${namespaceName} not found.`, namespaceName);
}

/** There is no workgroup of this name. */
export function workgroupNotFound(workgroupName: string): WireError {
  return notFound(`Serverless workgroup ${workgroupName} not found.`, workgroupName);
}

/** There is no snapshot of this name or ARN. */
export function snapshotNotFound(snapshot: string): WireError {
  return notFound(`Snapshot ${snapshot} not found.`, snapshot);
}

/** There is no resource with this name, id or ARN. */
export function notFound(message: string, resourceName: string): WireError {
  return new WireError("ResourceNotFoundException", message, { fields: { resourceName } });
}

/** The request contradicts what exists. */
export function conflict(message: string): WireError {
  return new WireError("ConflictException", message);
}

/** The account's limit is reached. */
export function quotaExceeded(message: string): WireError {
  return new WireError("ServiceQuotaExceededException", message, { status: 402 });
}

/** An operation or an option that this stand-in does not have. */
export function notBuilt(what: string): WireError {
  return new WireError("UnknownOperationException", `${what} is not built in this local Redshift Serverless.`);
}
