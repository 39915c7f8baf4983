export { type Clock } from "./clock.ts";
export { createKinesisClient, type KinesisClientSettings } from "./kinesis-client.ts";
export {
  createHandler,
  type HandlerAnswer,
  type HandlerContext,
  type HandlerEvent,
  type HandlerOptions,
} from "./lambda/handler.ts";
export {
  type EventOutcome,
  type FailedOutcome,
  type RejectedOutcome,
  type RejectionProblem,
  type RejectionRule,
  type StoredOutcome,
} from "./outcome.ts";
export { createProducer, type Producer, type ProducerCounts } from "./producer.ts";
export { replay, ReplayInputError, type ReplayOptions, type ReplayProgress, type ReplayResult } from "./replay.ts";
export { produceSamples, type SampleOptions } from "./sample-source.ts";
export { type ProducerOptions, type PutRecordsClient } from "./settings.ts";
