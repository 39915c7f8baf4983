import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWireServer } from "@millrace/local-wire";
import type { Faults } from "./faults/faults.ts";
import { openKinesis } from "./kinesis.ts";
import type { KinesisOptions } from "./kinesis.ts";
import type { StreamReader } from "./records/stream-reader.ts";

/** Options of {@link startLocalKinesis}. */
export interface LocalKinesisOptions extends Omit<KinesisOptions, "directory"> {
  /** Where streams and records are kept, as in {@link KinesisOptions}. Default a temporary directory that `close` removes. */
  readonly directory?: string;
  /** On 127.0.0.1. Default 0: any free port. */
  readonly port?: number;
}

/** A Kinesis that listens. */
export interface LocalKinesis {
  /** `http://127.0.0.1:PORT`: the endpoint for any AWS client. */
  readonly url: string;
  readonly port: number;
  /** Where streams and records are kept. */
  readonly directory: string;
  readonly reader: StreamReader;
  /** Faults on request; also over the port, at `/_millrace/kinesis/faults`. */
  readonly faults: Faults;
  /** Stops listening, closes the files and removes what is temporary. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts Kinesis alone on a port: with no options a new and empty one for a test.
 * Throws an `Error` with the cure if the port or the directory is in use, or the directory holds something else.
 *
 * @example
 * const kinesis = await startLocalKinesis();
 * const client = new KinesisClient({ endpoint: kinesis.url, region: "eu-west-1", credentials });
 * await kinesis.close();
 */
export async function startLocalKinesis(options: LocalKinesisOptions = {}): Promise<LocalKinesis> {
  const { port = 0, log } = options;
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "local-kinesis-")));
    if (options.directory === undefined) closers.push(() => rm(directory, { recursive: true, force: true }));
    const kinesis = await openKinesis({ ...options, directory });
    closers.push(kinesis.close);
    const { service, routes, reader, faults } = kinesis;
    const server = await startWireServer({ services: [service], routes, port, ...(log ? { log } : {}) });
    closers.push(server.close);
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => (closed ??= closeAll());
    return { url: server.url, port: server.port, directory, reader, faults, close };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
