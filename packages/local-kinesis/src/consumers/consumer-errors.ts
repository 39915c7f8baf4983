import { WireError } from "@millrace/local-wire";
import { resourceInUse } from "../errors.ts";
import type { Consumer } from "./consumer.ts";

/** Who a consumer is, for error texts. */
interface ConsumerIdentity extends Pick<Consumer, "name"> {
  /** Absent if the request names none. */
  readonly createdSecond?: number;
}

/** No such consumer. The text is not confirmed on AWS; its words are those of {@link consumerNotActive}. */
export function consumerNotFound(consumer: ConsumerIdentity, streamName: string, accountId: string): WireError {
  return new WireError("ResourceNotFoundException", `${identify(consumer, streamName, accountId)} not found.`);
}

/** A consumer that is CREATING or DELETING. Text: aws-cloudformation/cloudformation-coverage-roadmap#2442. */
export function consumerNotActive(consumer: ConsumerIdentity, streamName: string, accountId: string): WireError {
  return resourceInUse(`${identify(consumer, streamName, accountId)} is not in ACTIVE status.`);
}

function identify({ name, createdSecond }: ConsumerIdentity, streamName: string, accountId: string): string {
  const created = createdSecond === undefined ? "" : ` with creation timestamp ${createdSecond}`;
  return `Consumer ${name}${created} under stream ${streamName} and account ${accountId}`;
}
