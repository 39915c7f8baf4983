import { startWireServer } from "@millrace/local-wire";
import { openKinesis } from "./kinesis.ts";
import type { KinesisOptions } from "./kinesis.ts";
import type { StreamReader } from "./stream-reader.ts";

/** Options of {@link startLocalKinesis}. */
export interface LocalKinesisOptions extends KinesisOptions {
  /** 0 for any free port. */
  readonly port: number;
}

/** A Kinesis that listens. */
export interface LocalKinesis {
  /** `http://127.0.0.1:PORT`: the endpoint for any AWS client. */
  readonly url: string;
  readonly port: number;
  readonly reader: StreamReader;
  /** Stops listening, then closes the files. */
  close(): Promise<void>;
}

/** Opens a directory's streams and serves them alone. Throws an `Error` with the cure if the port is in use. */
export async function startLocalKinesis(options: LocalKinesisOptions): Promise<LocalKinesis> {
  const kinesis = await openKinesis(options);
  try {
    const server = await startWireServer({
      services: [kinesis.service],
      port: options.port,
      ...(options.log ? { log: options.log } : {}),
    });
    const close = async (): Promise<void> => {
      await server.close();
      await kinesis.close();
    };
    return { url: server.url, port: server.port, reader: kinesis.reader, close };
  } catch (error) {
    await kinesis.close();
    throw error;
  }
}
