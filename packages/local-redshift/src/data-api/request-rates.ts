import { throttled } from "./errors.ts";

/** Requests a second that the Data API takes of an account in a region; not adjustable. Source: amazon-redshift-limits. */
const requestsPerSecond: Readonly<Record<string, number>> = {
  ExecuteStatement: 30,
  BatchExecuteStatement: 20,
  DescribeStatement: 100,
  GetStatementResult: 20,
  GetStatementResultV2: 20,
  CancelStatement: 3,
  DescribeTable: 3,
  ListDatabases: 3,
  ListSchemas: 3,
  ListSessions: 3,
  ListStatements: 3,
  ListTables: 3,
};

/**
 * Makes the check that refuses what is over AWS's request rates: a bucket for each operation that holds one second's worth.
 * The check throws a `ThrottlingException`.
 */
export function createRateCheck(now: () => number): (operation: string) => void {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (operation) => {
    const rate = requestsPerSecond[operation];
    if (rate === undefined) return;
    const at = now();
    const bucket = buckets.get(operation) ?? { tokens: rate, at };
    bucket.tokens = Math.min(rate, bucket.tokens + ((at - bucket.at) / 1000) * rate);
    bucket.at = at;
    buckets.set(operation, bucket);
    if (bucket.tokens < 1) throw throttled();
    bucket.tokens -= 1;
  };
}
