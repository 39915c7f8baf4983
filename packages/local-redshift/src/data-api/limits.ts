/** The Data API's quotas, and the bounds of this stand-in's memory. Every one can be given to `openRedshift`. */
export interface DataApiLimits {
  /** Bytes of one SQL text; AWS: 200 KB. */
  readonly maxSqlBytes: number;
  /** Bytes of one row; AWS: 64 KB. */
  readonly maxRowBytes: number;
  /** Bytes of one result; AWS: 500 MB after gzip, here before. */
  readonly maxResultBytes: number;
  /** Statements that have not settled; AWS: 500. */
  readonly maxActiveStatements: number;
  /** Open sessions of a workgroup; AWS: 500. */
  readonly maxActiveSessions: number;
  /** Requests that wait for one statement; AWS has a limit and does not publish it, so this number is ours. */
  readonly maxWaitingRequests: number;
  /** How long statements and results are kept; AWS: 24 h. */
  readonly retentionMs: number;
  /** How long a client token is remembered; AWS: 8 h. */
  readonly clientTokenMs: number;
  /** Bytes of JSON a result page holds; AWS does not publish it, so this number is ours. */
  readonly jsonPageBytes: number;
  /** Bytes of a CSV chunk and of a CSV page; AWS: 1 MB and 15 MB. */
  readonly csvChunkBytes: number;
  readonly csvPageBytes: number;
  /** Statements that are remembered. Older ones are forgotten before their 24 h are over; AWS has no such bound. */
  readonly maxStatements: number;
  /**
   * Bytes of results kept in memory, in all; what does not fit is kept on disk. When half is used, statements older than
   * `minRetentionMs` are forgotten; when SQL texts take half as much, the oldest are.
   */
  readonly maxMemoryBytes: number;
  /** A result of more bytes than this is kept on disk from the start. */
  readonly maxHeldResultBytes: number;
  /** How long a result is kept at least when memory runs short; 24 h otherwise. */
  readonly minRetentionMs: number;
}

/** Source of the quotas: Redshift management guide, data-api and amazon-redshift-limits. */
export const defaultLimits: DataApiLimits = {
  maxSqlBytes: 200 * 1024,
  maxRowBytes: 64 * 1024,
  maxResultBytes: 500 * 1024 * 1024,
  maxActiveStatements: 500,
  maxActiveSessions: 500,
  maxWaitingRequests: 100,
  retentionMs: 24 * 3_600_000,
  clientTokenMs: 8 * 3_600_000,
  jsonPageBytes: 1024 * 1024,
  csvChunkBytes: 1024 * 1024,
  csvPageBytes: 15 * 1024 * 1024,
  maxStatements: 10_000,
  maxMemoryBytes: 64 * 1024 * 1024,
  maxHeldResultBytes: 4 * 1024 * 1024,
  minRetentionMs: 5 * 60_000,
};
