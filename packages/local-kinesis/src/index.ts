export type { Clock } from "./clock.ts";
export { FaultPlanError } from "./faults/fault-plan.ts";
export type { FaultPlan, FaultRule, FaultScope, RecordFaultCode } from "./faults/fault-plan.ts";
export type { FaultReport, Faults } from "./faults/faults.ts";
export { openKinesis } from "./kinesis.ts";
export type { Kinesis, KinesisOptions } from "./kinesis.ts";
export { startLocalKinesis } from "./start-local-kinesis.ts";
export type { LocalKinesis, LocalKinesisOptions } from "./start-local-kinesis.ts";
export type { ReadAnswer, ReadRequest, ReaderShard, StreamReader, StreamRecord } from "./records/stream-reader.ts";
