import { join } from "node:path";
import { startWireServer } from "@millrace/local-wire";
import { noStreams } from "./database/streaming/no-streams.ts";
import { openKinesisReader, type KinesisReaderOptions } from "./kinesis-reader/kinesis-reader.ts";
import { openRedshift, type RedshiftSettings } from "./redshift.ts";
import { openSecretStore, type KeptSecrets } from "./secrets/open-secret-store.ts";
import { makeSecretsManager } from "./secrets/secrets-manager.ts";
import { provideWorkgroup, type ProvidedWorkgroup } from "./provided-workgroup.ts";

/** Options of {@link startLocalRedshift}; with none it is empty, in memory, and knows no stream. */
export interface LocalRedshiftOptions extends Omit<RedshiftSettings, "streams" | "secrets"> {
  /** On 127.0.0.1. Default 0: any free port. */
  readonly port?: number;
  /** The Kinesis that streaming views read through its API. Excludes `streams`. */
  readonly kinesis?: Omit<KinesisReaderOptions, "region">;
  /** A reader of streams in this process. Excludes `kinesis`. */
  readonly streams?: RedshiftSettings["streams"];
  /** Default: secrets of its own, beside the data, which a Secrets Manager on the same port answers for. */
  readonly secrets?: RedshiftSettings["secrets"];
  /** A workgroup of this name, its namespace and its admin are made when they are missing, so that SQL can be sent at once. Default none. */
  readonly workgroup?: string;
}

/** A Redshift that listens; see {@link startLocalRedshift}. */
export interface LocalRedshift {
  /** The endpoint for AWS's clients, `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Where `workgroup` was asked for. */
  readonly workgroup?: ProvidedWorkgroup;
  /** Ends statements and refreshes, stops listening and closes the databases. May be called twice. */
  close(): Promise<void>;
}

/**
 * Opens a Redshift and listens on a port of this machine alone. Throws a `TypeError` when options exclude each other, and an `Error` when
 * the port or the directory is in use.
 *
 * @example
 * const redshift = await startLocalRedshift({ workgroup: "events-wg", kinesis: { endpoint: kinesis.url } });
 * const client = new RedshiftDataClient({ endpoint: redshift.url, region: "eu-west-1", credentials });
 */
export async function startLocalRedshift(options: LocalRedshiftOptions = {}): Promise<LocalRedshift> {
  const { port = 0, kinesis, streams, secrets: given, workgroup: workgroupName, ...settings } = options;
  if (kinesis !== undefined && streams !== undefined)
    throw new TypeError("kinesis and streams exclude each other: streaming views read from one place");
  const { directory, region = "eu-west-1", accountId = "000000000000" } = settings;
  const closers: (() => void | Promise<void>)[] = [];
  let isClosing = false;
  // A refresh that close() cuts off is no fault to tell of.
  const log = settings.log && ((line: string) => void (isClosing || settings.log?.(line)));
  const closeAll = async () => {
    isClosing = true;
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const own: KeptSecrets | undefined = given ? undefined : await openSecrets(directory, region, accountId);
    const secrets = given ?? own!;
    const reader = kinesis && openKinesisReader({ ...kinesis, region });
    const redshift = await openRedshift({
      ...settings,
      ...(log ? { log } : {}),
      streams: reader ?? streams ?? noStreams,
      secrets,
    });
    closers.push(async () => {
      // First the reader, so that no refresh waits for a stream that does not answer.
      reader?.close();
      await redshift.close();
    });
    const workgroup =
      workgroupName === undefined ? undefined : await provideWorkgroup(redshift.services, workgroupName, accountId);
    const services = [...redshift.services, ...(own === undefined ? [] : [makeSecretsManager(own)])];
    const server = await startWireServer({ services, port, ...(log ? { log } : {}) });
    closers.push(() => server.close());
    let closed: Promise<void> | undefined;
    return {
      url: server.url,
      port: server.port,
      ...(workgroup === undefined ? {} : { workgroup }),
      close: () => (closed ??= closeAll()),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function openSecrets(directory: string | undefined, region: string, accountId: string): Promise<KeptSecrets> {
  return openSecretStore({
    ...(directory === undefined ? {} : { file: join(directory, "secrets.json") }),
    region,
    accountId,
  });
}
