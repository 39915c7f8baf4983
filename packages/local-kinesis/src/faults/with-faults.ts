import { NoAnswer, WireError } from "@millrace/local-wire";
import type { WireService } from "@millrace/local-wire";
import type { Clock } from "../clock.ts";
import type { KinesisContext } from "../context.ts";
import { requestRateExceeded } from "../physics/rate-exceeded.ts";
import type { FaultSource } from "./faults.ts";
import { streamOf } from "./stream-of.ts";

/** Operations whose calls are limited by the throughput of shards. Source: the errors of each in the service model. */
const ON_SHARDS = new Set(["GetRecords", "GetShardIterator", "PutRecord", "PutRecords"]);

/** A service whose calls meet these faults. */
export function withFaults(
  service: WireService,
  { context, faults, clock }: { readonly context: KinesisContext; readonly faults: FaultSource; readonly clock: Clock },
): WireService {
  return {
    ...service,
    async handle(request) {
      const { operation, input } = request;
      const met = faults.forCall(operation, () => streamOf(context, input));
      if (!met) return service.handle(request);
      if (met.delayMs > 0) await wait(clock, met.delayMs, request.signal);
      switch (met.rule?.kind) {
        case undefined:
          return service.handle(request);
        case "throttle":
          throw throttled(operation, streamOf(context, input), context.accountId);
        case "internal-failure":
          throw unwell(
            "InternalFailure",
            500,
            "The request processing has failed because of an unknown error, exception or failure.",
          );
        case "service-unavailable":
          throw unwell("ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.");
        case "reset":
          return new NoAnswer("reset");
        case "no-answer":
          await service.handle(request);
          return new NoAnswer(met.rule.manner ?? "silence");
      }
    },
  };
}

/** For `PutRecords` and `PutRecord` AWS names a shard, which a fault of the whole call has none of. */
function throttled(operation: string, streamName: string | undefined, accountId: string): WireError {
  const error = requestRateExceeded(streamName, accountId);
  return ON_SHARDS.has(operation) ? new WireError("ProvisionedThroughputExceededException", error.message) : error;
}

/** Texts: Kinesis API reference, common errors. That `ServiceUnavailable` is its name on the wire is not confirmed. */
function unwell(type: string, status: number, message: string): WireError {
  return new WireError(type, message, { status });
}

/** Rejects once nobody waits for the answer any more: a call that has not begun is not carried out then. */
function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      callOff();
      reject(new Error("the client went away while its call waited"));
    };
    const callOff = clock.schedule(clock.now() + ms, () => {
      signal.removeEventListener("abort", leave);
      resolve();
    });
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
  });
}
