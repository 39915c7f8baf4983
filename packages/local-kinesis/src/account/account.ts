import type { Database } from "lmdb";
import { committed } from "../durability/committed.ts";
import { isCommitted } from "./commitment.ts";
import type { Commitment } from "./commitment.ts";

/** What holds for all streams of a directory. */
export interface Account {
  commitment(): Commitment | undefined;
  /** Whether the account has On-demand Advantage now. */
  hasAdvantage(): boolean;
  /** Resolves once the commitment is kept. */
  setCommitment(commitment: Commitment | undefined): Promise<void>;
}

const COMMITMENT_KEY = "commitment";

/** The account of one directory. */
export function openAccount(options: {
  readonly database: Database<Commitment, string>;
  readonly now: () => number;
}): Account {
  const { database, now } = options;
  let commitment = database.get(COMMITMENT_KEY);
  return {
    commitment: () => commitment,
    hasAdvantage: () => isCommitted(commitment, now()),
    async setCommitment(next) {
      commitment = next;
      if (next) await committed(database.put(COMMITMENT_KEY, next));
    },
  };
}
