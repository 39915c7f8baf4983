export { openRedshift } from "./redshift.ts";
export type { Redshift, RedshiftSettings } from "./redshift.ts";
export { startLocalRedshift } from "./local-redshift.ts";
export type { LocalRedshift } from "./local-redshift.ts";
export type { SecretStore } from "./serverless/secret-store.ts";
export type { StreamReader, StreamRecord, StreamShard } from "./database/streaming/stream-reader.ts";
export type { DataApiLimits } from "./data-api/limits.ts";
export type { StatementEvent } from "./data-api/run.ts";
