import type { Driver } from "./driver.ts";
import { makeBatches } from "./payloads.ts";
import type { Entry } from "./payloads.ts";
import { createRawDriver } from "./raw-driver.ts";
import { createSdkDriver } from "./sdk-driver.ts";
import { streamNameFor } from "./servers.ts";
import type { RunningServer } from "./servers.ts";
import { RECORD_SIZES } from "./workload.ts";

/** How the client speaks to a server. */
export type ClientKind = "sdk-http1" | "sdk-http2" | "raw";

/** A server with a client to it. */
export interface Contender {
  readonly server: RunningServer;
  readonly client: ClientKind;
  /** What puts to and reads from the stream for records of one size. */
  readonly driverFor: (recordBytes: number) => Driver;
}

/** Each server with the SDK over HTTP/1.1; those that take HTTP/2 also with the SDK over that, and with a raw client. */
export function createContenders(servers: readonly RunningServer[]): Contender[] {
  const batches = new Map<number, readonly (readonly Entry[])[]>(
    RECORD_SIZES.map((recordBytes) => [recordBytes, makeBatches(recordBytes)]),
  );
  return servers.flatMap((server) => {
    const clients: ClientKind[] = server.process.http2Url ? ["sdk-http1", "sdk-http2", "raw"] : ["sdk-http1"];
    return clients.map((client) => {
      const drivers = new Map<number, Driver>(
        RECORD_SIZES.map((recordBytes) => [
          recordBytes,
          createDriver(server, client, {
            streamName: streamNameFor(recordBytes),
            batches: batches.get(recordBytes) ?? [],
          }),
        ]),
      );
      return { server, client, driverFor: (recordBytes) => drivers.get(recordBytes) as Driver };
    });
  });
}

/** Closes every client. */
export function endContenders(contenders: readonly Contender[]): void {
  for (const { driverFor } of contenders) for (const recordBytes of RECORD_SIZES) driverFor(recordBytes).close();
}

function createDriver(
  { process: { url, http2Url = url } }: RunningServer,
  client: ClientKind,
  stream: { readonly streamName: string; readonly batches: readonly (readonly Entry[])[] },
): Driver {
  switch (client) {
    case "sdk-http1":
      return createSdkDriver({ url, http: "1.1", ...stream });
    case "sdk-http2":
      return createSdkDriver({ url: http2Url, http: "2", ...stream });
    case "raw":
      return createRawDriver({ url, ...stream });
  }
}
