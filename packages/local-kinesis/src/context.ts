import type { Account } from "./account/account.ts";
import type { Catalogue } from "./streams/catalogue.ts";
import type { Channels } from "./channels/channels.ts";
import type { Consumers } from "./consumers/consumers.ts";
import type { Subscriptions } from "./consumers/subscriptions.ts";
import type { FaultSource } from "./faults/faults.ts";
import type { Lifecycle } from "./streams/lifecycle.ts";
import type { LogWriter } from "./log/log-writer.ts";
import type { Blocks } from "./log/shard-log.ts";
import type { Limits } from "./physics/limits.ts";
import type { Seal } from "./tokens/seal.ts";

/** What every operation works on. */
export interface KinesisContext {
  readonly account: Account;
  readonly catalogue: Catalogue;
  readonly channels: Channels;
  readonly consumers: Consumers;
  readonly subscriptions: Subscriptions;
  readonly lifecycle: Lifecycle;
  readonly blocks: Blocks;
  readonly writer: LogWriter;
  readonly limits: Limits;
  readonly faults: FaultSource;
  readonly seal: Seal;
  /** Epoch ms. */
  readonly now: () => number;
  /** Whether what may happen only so often, or so many times at once, is counted. */
  readonly enforcesLimits: boolean;
  readonly region: string;
  readonly accountId: string;
}
