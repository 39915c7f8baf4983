import { consumers } from "./consumers.ts";
import type { Contract } from "./contract.ts";
import { streamStates } from "./stream-states.ts";

/** Everything that is promised, in the order of the table. */
export const CONTRACTS: readonly Contract[] = [streamStates, consumers];
