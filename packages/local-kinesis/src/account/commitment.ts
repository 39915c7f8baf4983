/**
 * The account's minimum throughput billing commitment, which AWS calls On-demand Advantage. It allows warm throughput and more
 * consumers; nothing is billed here.
 */
export interface Commitment {
  /** Epoch ms. */
  readonly startedAt: number;
  /** When it ends or ended, epoch ms; absent while no end was asked for. */
  readonly endAt?: number;
}

/** How long a commitment lasts at least. Source: Kinesis API reference, MinimumThroughputBillingCommitmentInput. */
const MIN_DURATION_MS = 24 * 3_600_000;

/** Whether a commitment is in force. */
export function isCommitted(commitment: Commitment | undefined, now: number): boolean {
  return commitment !== undefined && (commitment.endAt === undefined || now < commitment.endAt);
}

/** The commitment from now on; one in force goes on, and an end that was asked for is called off. */
export function enableCommitment(commitment: Commitment | undefined, now: number): Commitment {
  return { startedAt: commitment && isCommitted(commitment, now) ? commitment.startedAt : now };
}

/** The commitment with an end: now, or as early as is allowed. */
export function disableCommitment(commitment: Commitment | undefined, now: number): Commitment | undefined {
  if (!commitment || commitment.endAt !== undefined) return commitment;
  return { ...commitment, endAt: Math.max(now, earliestEnd(commitment)) };
}

/** A commitment as the API shows it. Which dates go with which status is not confirmed on AWS. */
export function describeCommitment(commitment: Commitment | undefined, now: number) {
  if (!commitment) return { Status: "DISABLED" };
  const { startedAt, endAt } = commitment;
  const StartedAt = new Date(startedAt);
  if (!isCommitted(commitment, now)) return { Status: "DISABLED", StartedAt, EndedAt: new Date(endAt ?? now) };
  return {
    Status: endAt === undefined ? "ENABLED" : "ENABLED_UNTIL_EARLIEST_ALLOWED_END",
    StartedAt,
    EarliestAllowedEndAt: new Date(earliestEnd(commitment)),
  };
}

function earliestEnd({ startedAt }: Commitment): number {
  return startedAt + MIN_DURATION_MS;
}
