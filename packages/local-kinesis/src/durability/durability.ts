/**
 * What is answered survives: `process`, the end of the process by any means, and a power cut but for its last moments; `power`, a power
 * cut too.
 */
export type Durability = "process" | "power";
