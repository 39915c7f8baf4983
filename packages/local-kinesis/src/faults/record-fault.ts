import { writeRateExceeded } from "../physics/rate-exceeded.ts";
import type { RecordFaultCode } from "./fault-plan.ts";

/** What `PutRecords` answers for a record that a fault befalls. Text of the internal failure: Kinesis API reference, PutRecords. */
export function recordFault(
  errorCode: RecordFaultCode,
  shard: { readonly shardId: string; readonly streamName: string; readonly accountId: string },
) {
  return errorCode === "InternalFailure"
    ? { errorCode, errorMessage: "Internal service failure." }
    : writeRateExceeded(shard);
}
