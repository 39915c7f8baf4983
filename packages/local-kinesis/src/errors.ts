import { WireError } from "@millrace/local-wire";

/** Texts are AWS's, as recorded by kinesalite's tests (run against AWS) unless a comment says otherwise. */
export function streamNotFound(name: string, accountId: string): WireError {
  return new WireError("ResourceNotFoundException", `Stream ${name} under account ${accountId} not found.`);
}

/** A stream in a state that the operation does not take. */
export function streamNotActive(name: string, accountId: string, status: string): WireError {
  return resourceInUse(`Stream ${name} under account ${accountId} not ACTIVE, instead in state ${status}`);
}

/** A shard that the stream does not have. */
export function shardNotFound(shardId: string, streamName: string, accountId: string): WireError {
  return new WireError(
    "ResourceNotFoundException",
    `Shard ${shardId} in stream ${streamName} under account ${accountId} does not exist`,
  );
}

/** A shard to split or merge that the stream does not have, or an id that none can have. */
export function shardUnknown(shardId: string, streamName: string, accountId: string): WireError {
  return new WireError(
    "ResourceNotFoundException",
    `Could not find shard ${shardId} in stream ${streamName} under account ${accountId}.`,
  );
}

/** A well-formed argument with a value that cannot be. */
export function invalidArgument(message: string): WireError {
  return new WireError("InvalidArgumentException", message);
}

/** An argument that breaks a constraint of the model. */
export function validationFailed(message: string): WireError {
  return new WireError("ValidationException", message);
}

/** A limit of the account or the stream. */
export function limitExceeded(message: string): WireError {
  return new WireError("LimitExceededException", message);
}

/** Something that exists already, or is not in the state the operation needs. */
export function resourceInUse(message: string): WireError {
  return new WireError("ResourceInUseException", message);
}
