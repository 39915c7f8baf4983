import { startWireServer } from "@millrace/local-wire";
import { openRedshift, type RedshiftSettings } from "./redshift.ts";

/** A Redshift that listens; see {@link startLocalRedshift}. */
export interface LocalRedshift {
  /** The endpoint for AWS's clients, `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Opens a Redshift and listens on a port of this machine alone; port 0 takes any free one. Throws when the port is in use.
 *
 * @example
 * const redshift = await startLocalRedshift({ port: 0, directory: ".redshift", streams, secrets });
 * const client = new RedshiftDataClient({ endpoint: redshift.url, region: "eu-west-1", credentials });
 */
export async function startLocalRedshift(
  options: RedshiftSettings & { readonly port: number },
): Promise<LocalRedshift> {
  const { port, log, ...settings } = options;
  const redshift = await openRedshift({ ...settings, ...(log ? { log } : {}) });
  try {
    const server = await startWireServer({ services: redshift.services, port, ...(log ? { log } : {}) });
    return {
      url: server.url,
      port: server.port,
      async close() {
        await server.close();
        await redshift.close();
      },
    };
  } catch (error) {
    await redshift.close();
    throw error;
  }
}
