import type { LocalKinesisOptions } from "../../src/index.ts";
import type { Target } from "./target.ts";

/**
 * How what a case shows compares with AWS: `exact` down to the text, with a source; `close`, where a text or a detail is not confirmed;
 * `different`, where it is known not to be AWS's.
 */
export type Fidelity = "exact" | "close" | "different";

/** One promise about the endpoint, stated once: it is a test and a line of the table of exactness. */
export interface ContractCase {
  /** What holds, as a sentence without a full stop: `answers records in the order of the request`. */
  readonly title: string;
  readonly fidelity: Fidelity;
  /** The source for `exact`; what is not confirmed, or how AWS differs, for the others. */
  readonly note: string;
  /** What the server is started with, beside the held clock. Default: no state delays, limits off. */
  readonly options?: Partial<LocalKinesisOptions>;
  /** Shows it, on a server of its own. */
  run(target: Target): Promise<void>;
}

/** The cases about one operation of the API, or about one matter that no operation owns (`The wire`, `Limits`). */
export interface Contract {
  readonly about: string;
  /** Whether the cases run a second time with the SDK's default, HTTP/2. The first time it speaks HTTP/1.1. */
  readonly overHttp2?: true;
  readonly cases: readonly ContractCase[];
}
