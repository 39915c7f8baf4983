import { WireError } from "@millrace/local-wire";

const member = "Message" as const;

/** Wrong or contradictory input. */
export function validation(message: string): WireError {
  return new WireError("ValidationException", message, { member });
}

/** Source: boto/boto3#3336. */
export function targetMissing(): WireError {
  return validation("Either ClusterIdentifier or WorkgroupName needs to be specified.");
}

/** Source: the Terraform provider's and the Ballerina connector's tests against AWS. */
export function endpointUnknown(): WireError {
  return validation("Redshift endpoint doesn't exist in this region.");
}

/** The workgroup is being created, changed or deleted. */
export function endpointUnavailable(): WireError {
  return validation("Redshift endpoint is not available.");
}

/** The id is not a UUID, with or without the number of a sub-statement. */
export function idMalformed(): WireError {
  return validation("id must satisfy regex pattern: ^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d+)?$");
}

/** UNCONFIRMED: moto answers this text as a ResourceNotFoundException, a Ballerina mock as a ValidationException. */
export function statementUnknown(): WireError {
  return validation("Query does not exist.");
}

/** The statement is older than 24 h. `expiredAt` in epoch milliseconds. Source: pulumi/pulumi-aws#2055, which shows seconds. */
export function statementExpired(expiredAt: number): WireError {
  return validation(`Could not retrieve the query result as it has expired after ${Math.floor(expiredAt / 1000)}.`);
}

/** There is nothing to fetch (yet). Type as documented for long polling, text as seen by the Ballerina connector's tests. */
export function resultMissing(id: string): WireError {
  const text = "Query does not have result. Please check query status with DescribeStatement.";
  return new WireError("ResourceNotFoundException", text, { member, fields: { ResourceId: id } });
}

/** UNCONFIRMED text: the result was asked for in the other format than the statement named. */
export function resultFormatDiffers(format: "JSON" | "CSV"): WireError {
  const cure = format === "CSV" ? "GetStatementResultV2" : "GetStatementResult";
  return validation(`The result of the query is in ${format} format. Use ${cure} to fetch it.`);
}

/** The statement has settled. Source: aws/aws-sdk-js-v3#3056, grafana/redshift-datasource. */
export function notCancellable(status: string, id: string): WireError {
  return validation(`Could not cancel a query that is already in ${status} state with ID: ${id}`);
}

/** A parameter that no statement uses. Source: aws-samples/getting-started-with-amazon-redshift-data-api#4. */
export function parametersUnused(names: readonly string[]): WireError {
  return validation(`Parameters list contains unused parameters. Unused parameters: [${names.join(", ")}]`);
}

/** Source of both texts: awslabs/mcp#4587. */
export function sessionUnknown(sessionId: string): WireError {
  return validation(`Session with Id: ${sessionId} is invalid`);
}

/** The session was reclaimed. */
export function sessionUnavailable(): WireError {
  return validation("Session is not available");
}

/** UNCONFIRMED text: a session takes one statement at a time and has no queue. */
export function sessionBusy(sessionId: string): WireError {
  return validation(`Session with Id: ${sessionId} is currently running a query`);
}

/** UNCONFIRMED text. */
export function secretUnknown(): WireError {
  return validation("Secrets Manager can't find the specified secret.");
}

/** UNCONFIRMED text. */
export function secretUnusable(): WireError {
  return validation("The secret must be a JSON object with username and password.");
}

/** UNCONFIRMED text. */
export function tokenInvalid(): WireError {
  return validation("NextToken is not valid.");
}

/** One of the limits on what is active at a time. */
export function tooManyActive(what: "Statements" | "Sessions" | "WaitingRequests", limit: number): WireError {
  return new WireError(`Active${what}ExceededException`, `The limit of ${limit} active ${noun[what]} is reached.`, {
    member,
  });
}

const noun = { Statements: "statements", Sessions: "sessions", WaitingRequests: "waiting requests" };

/** The database cannot be reached or does not exist; for operations that answer at once. */
export function connectionFailed(message: string): WireError {
  return new WireError("DatabaseConnectionException", message, { member, status: 500 });
}

/** More requests a second than the operation takes. AWS answers with status 400. */
export function throttled(): WireError {
  return new WireError("ThrottlingException", "Rate exceeded", { member, status: 400 });
}
