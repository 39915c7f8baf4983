import { join } from "node:path";
import type { HttpRoute, WireService } from "@millrace/local-wire";
import { openAccount } from "./account/account.ts";
import { openCatalogue } from "./streams/catalogue.ts";
import { openChannels } from "./channels/channels.ts";
import { openConsumers } from "./consumers/consumers.ts";
import { createSubscriptions } from "./consumers/subscriptions.ts";
import type { KinesisContext } from "./context.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { createStreamReader } from "./records/create-stream-reader.ts";
import { openDatabase } from "./durability/open-database.ts";
import type { Durability } from "./durability/durability.ts";
import { createFaultsRoute } from "./faults/faults-route.ts";
import { createFaults } from "./faults/faults.ts";
import type { Faults } from "./faults/faults.ts";
import { withFaults } from "./faults/with-faults.ts";
import { createLifecycle } from "./streams/lifecycle.ts";
import { openBlocks } from "./log/open-blocks.ts";
import { createLogWriter } from "./log/log-writer.ts";
import type { ShardLog } from "./log/shard-log.ts";
import { trimLogs } from "./log/trim.ts";
import { NO_LIMITS, createLimits } from "./physics/limits.ts";
import { createSeal } from "./tokens/seal.ts";
import { OPERATIONS, createService } from "./service.ts";
import type { StreamReader } from "./records/stream-reader.ts";
import { claimStreamDirectory } from "./directory/stream-directory.ts";
import { isExpired, retentionStart } from "./streams/stream.ts";
import type { Shard } from "./streams/stream.ts";

/** Options of {@link openKinesis}. */
export interface KinesisOptions {
  /** Where streams and records are kept; made if missing. One process at a time may have it open. */
  readonly directory: string;
  /** Default `eu-west-1`. */
  readonly region?: string;
  /** Twelve digits, default all zero. */
  readonly accountId?: string;
  /** Default the clock of this machine. */
  readonly clock?: Clock;
  /** How long streams are CREATING, UPDATING and DELETING, in ms. Default 500; 0: never seen. On AWS it is seconds to minutes. */
  readonly stateDelayMs?: number;
  /** The rates of shards and operations, and the growth of on-demand streams. Default true; false for bulk work. */
  readonly limits?: boolean;
  /**
   * What an answered put survives. `process`, the default: the end of the process by any means, `kill -9` included; a power cut takes the
   * last moments, as if they had not been. `power`: a power cut too, at the price of a wait for the disk in each call that changes something.
   */
  readonly durability?: Durability;
  /** Hears of faults, never of payloads. Default silent. */
  readonly log?: (line: string) => void;
}

/** Kinesis Data Streams over one directory. */
export interface Kinesis {
  /** For a server of `@millrace/local-wire`. */
  readonly service: WireService;
  /** Control pages, for the same server: `/_millrace/kinesis/faults`. */
  readonly routes: readonly HttpRoute[];
  /** Faults on request, for {@link Kinesis.service}; `reader` meets none. */
  readonly faults: Faults;
  /** For readers in the same process. */
  readonly reader: StreamReader;
  /** Waits for what is under way and closes the files. */
  close(): Promise<void>;
}

/** How often records past their retention are removed from disk; for readers they are gone at once. */
const TRIM_INTERVAL_MS = 60_000;
const DEFAULT_STATE_DELAY_MS = 500;

/**
 * Opens the streams of a directory. Throws an `Error` that names the cure if it holds something else or is in use. A put is answered after its transaction committed, so killing the process loses
 * no confirmed record; after a power failure the last moments may be missing, whole transactions at a time.
 *
 * @example
 * const kinesis = await openKinesis({ directory: ".millrace/local/kinesis" });
 * const server = await startWireServer({ services: [kinesis.service], port: 4566 });
 */
export async function openKinesis(options: KinesisOptions): Promise<Kinesis> {
  const claim = await claimStreamDirectory(options.directory);
  try {
    const kinesis = await openStreams(options);
    return { ...kinesis, close: () => kinesis.close().finally(claim.release) };
  } catch (error) {
    claim.release();
    throw error;
  }
}

async function openStreams(options: KinesisOptions): Promise<Kinesis> {
  const { directory, region = "eu-west-1", accountId = "000000000000", clock = systemClock, log = () => {} } = options;
  const { now } = clock;
  const limits = (options.limits ?? true) ? createLimits() : NO_LIMITS;
  const database = await openDatabase({
    directory,
    durability: options.durability ?? "process",
    syncRecords: () => blocks.files.sync(),
    log,
  });
  const { root } = database;
  const blocks = await openBlocks({
    index: root.openDB<Buffer, Buffer>({ name: "blocks", encoding: "binary", keyEncoding: "binary" }),
    directory: join(directory, "records"),
    log,
  });
  const catalogue = await openCatalogue({
    streams: root.openDB({ name: "streams", encoding: "json" }),
    ledger: root.openDB({ name: "ledger", encoding: "json" }),
    blocks,
    now,
    newShardLimits: limits.newShard,
    onChange: (streamId) => {
      if (!catalogue.findById(streamId)) consumers.removeAll(streamId);
      subscriptions.onChange(streamId);
    },
    log,
  });

  const onCommit = (shards: Iterable<ShardLog>): void => {
    const grown = [...shards];
    subscriptions.onCommit(grown);
    const names = new Set<string>();
    for (const { streamId } of grown) names.add(catalogue.findById(streamId)?.state.name ?? "");
    for (const name of names) {
      try {
        reader.notify(name);
      } catch (error) {
        log(`a listener to stream ${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
  };
  const writer = createLogWriter({ blocks, now, onCommit, syncsFirst: database.durability === "power" });
  const seal = createSeal(catalogue.sealKey);
  const delayMs = options.stateDelayMs ?? DEFAULT_STATE_DELAY_MS;
  const subscriptions = createSubscriptions({ clock, limits: options.limits ?? true });
  const consumers = await openConsumers({
    database: root.openDB({ name: "consumers", encoding: "json" }),
    hasStream: (streamId) => catalogue.findById(streamId) !== undefined,
    clock,
    delayMs,
    onChange: (streamId) => subscriptions.onChange(streamId),
    log,
  });
  const account = openAccount({ database: root.openDB({ name: "account", encoding: "json" }), now });
  const channels = openChannels({ database: root.openDB({ name: "channels", encoding: "json" }), clock, delayMs, log });
  const lifecycle = createLifecycle({ catalogue, writer, clock, delayMs, log });
  await lifecycle.resume();
  const faults = createFaults(OPERATIONS);
  const context: KinesisContext = {
    account,
    catalogue,
    channels,
    consumers,
    subscriptions,
    lifecycle,
    blocks,
    writer,
    limits,
    faults,
    seal,
    now,
    enforcesLimits: options.limits ?? true,
    region,
    accountId,
  };
  const reader = createStreamReader(context);

  let trimming = Promise.resolve();
  const trim = async (): Promise<void> => {
    for (const { state, shards } of catalogue.list()) {
      const retainedFrom = retentionStart(state, now());
      const hasExpired = (shard: Shard): boolean => isExpired(shard.state, retainedFrom);
      const expired = shards.filter(hasExpired).map(({ log }) => log);
      const kept = shards.filter((shard) => !hasExpired(shard)).map(({ log }) => log);
      await trimLogs(blocks, state.id, { expired, kept }, retainedFrom);
    }
  };
  let closed = false;
  let callOffTrim = (): void => {};
  const scheduleTrim = (): void => {
    if (closed) return;
    callOffTrim = clock.schedule(now() + TRIM_INTERVAL_MS, () => {
      trimming = trim()
        .catch((error: unknown) => log(`removing expired records failed: ${String(error)}`))
        .then(scheduleTrim);
      return trimming;
    });
  };
  scheduleTrim();

  return {
    service: withFaults(createService(context), { context, faults, clock }),
    routes: [createFaultsRoute(faults)],
    faults,
    reader,
    async close() {
      closed = true;
      callOffTrim();
      await lifecycle.close();
      await consumers.close();
      await channels.close();
      await writer.settled();
      await trimming;
      await catalogue.settled();
      await blocks.close();
      await database.close();
    },
  };
}
