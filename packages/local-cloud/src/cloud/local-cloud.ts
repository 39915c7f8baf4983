import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openKinesis } from "@millrace/local-kinesis";
import { acquireLock } from "@millrace/local-kinesis/directory-lock";
import { makeSecretsManager, openRedshift, openSecretStore } from "@millrace/local-redshift";
import { startWireServer } from "@millrace/local-wire";
import { makeRecordedRoute } from "../recorded/recorded-route.ts";
import { openRecordedStore } from "../recorded/recorded-store.ts";
import { answerCallerIdentity } from "./caller-identity-route.ts";
import { makeControlRoute } from "./control-route.ts";

/** The local cloud while it runs. */
export interface LocalCloud {
  /** What `AWS_ENDPOINT_URL` is set to, such as `http://127.0.0.1:4566`. */
  readonly url: string;
  readonly port: number;
  /** Ends every service and frees the data directory. A second call waits for the first. */
  close(): Promise<void>;
}

/** Where the local cloud keeps its data and where it listens. */
export interface LocalCloudOptions {
  /** The data directory; made when it is missing, used by one process at a time. */
  readonly directory: string;
  /** Loopback port; 0 takes a free one. */
  readonly port: number;
  /** Whether Kinesis holds to AWS's rates of shards, streams and operations. Default true; false for bulk work. */
  readonly limits?: boolean;
  readonly log?: (line: string) => void;
}

/** Long enough that a program which does not wait for a stream meets AWS's errors, short enough for a first start. */
const STREAM_STATE_DELAY_MS = 100;

/**
 * Starts Kinesis, Redshift Serverless with its Data API, Secrets Manager, STS and the recorded resources behind one loopback
 * endpoint. Throws an Error with the cure when the data directory is in use by another process (named by its pid) or the
 * port is taken.
 *
 * @example
 * const cloud = await startLocalCloud({ directory: ".millrace/local", port: 4566 });
 * new KinesisClient({ endpoint: cloud.url, region: "eu-west-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } });
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { directory, port, log } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError(`port must be an integer from 0 to 65535, got ${port} (local cloud options)`);
  }
  const opened: (() => void | Promise<void>)[] = [];
  /** The last opened first; one that fails keeps none of the others open. */
  const closeAll = async () => {
    const faults: unknown[] = [];
    for (const close of opened.splice(0).reverse())
      await Promise.resolve()
        .then(close)
        .catch((fault) => faults.push(fault));
    if (faults.length > 0) throw new AggregateError(faults, "Closing the local cloud failed");
  };
  // What is kept here is the developer's own, events included.
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = acquireLock(join(directory, "cloud.lock"), `The data directory ${directory}`);
  opened.push(() => lock.release());
  try {
    const cloudDirectory = join(directory, "cloud");
    mkdirSync(cloudDirectory, { recursive: true, mode: 0o700 });
    const secrets = await openSecretStore({ file: join(cloudDirectory, "secrets.json") });
    const recorded = openRecordedStore({ directory: join(cloudDirectory, "recorded") });
    const kinesis = await openKinesis({
      directory: join(directory, "kinesis"),
      limits: options.limits ?? true,
      stateDelayMs: STREAM_STATE_DELAY_MS,
      ...(log ? { log } : {}),
    });
    opened.push(() => kinesis.close());
    const redshift = await openRedshift({
      directory: join(directory, "redshift"),
      streams: kinesis.reader,
      secrets,
      ...(log ? { log } : {}),
    });
    opened.push(() => redshift.close());
    const server = await startWireServer({
      services: [kinesis.service, ...redshift.services, makeSecretsManager(secrets)],
      routes: [makeRecordedRoute(recorded), makeControlRoute(directory), ...kinesis.routes, answerCallerIdentity],
      port,
      ...(log ? { log } : {}),
    });
    opened.push(() => server.close());
    let closing: Promise<void> | undefined;
    return { url: server.url, port: server.port, close: () => (closing ??= closeAll()) };
  } catch (error) {
    await closeAll().catch(() => undefined);
    throw error;
  }
}
