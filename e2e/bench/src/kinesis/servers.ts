import { join } from "node:path";
import { RECORDS_PER_PAGE } from "./driver.ts";
import { RECORDS_PER_PUT } from "./payloads.ts";
import { openPeer, peers } from "./peers.ts";
import { createSdkClient } from "./sdk-client.ts";
import { startScript } from "./server-process.ts";
import type { ServerProcess } from "./server-process.ts";
import { createStream } from "./stream-under-test.ts";
import { RECORD_SIZES } from "./workload.ts";
import { say } from "../progress.ts";

/** A server of the comparison; without a process it could not be had, for the reason given. */
export type Server = RunningServer | { readonly name: string; readonly reason: string };

/** A server that runs, with a stream for each size of record unless it is a null endpoint. */
export interface RunningServer {
  readonly name: string;
  readonly process: ServerProcess;
  readonly keepsRecords: boolean;
}

export const NULL_ENDPOINT = "null endpoint";
export const LOCAL_KINESIS = "local-kinesis";

/** The stream for records of one size. */
export function streamNameFor(recordBytes: number): string {
  return `bench-${recordBytes}`;
}

/** Starts all there are to compare, each in a process of its own. */
export async function startServers(args: {
  readonly directory: string;
  readonly peersDirectory: string;
}): Promise<Server[]> {
  const nullArgs = [RECORD_SIZES.join(","), String(RECORDS_PER_PUT), String(RECORDS_PER_PAGE)];
  const servers: Server[] = [
    { name: NULL_ENDPOINT, process: await startScript("./serve-null.ts", nullArgs), keepsRecords: false },
    await withStreams(LOCAL_KINESIS, await startLocalKinesis(join(args.directory, "cells"))),
  ];
  for (const peer of peers) {
    say(`starting ${peer.name}`);
    try {
      servers.push(await withStreams(peer.name, await openPeer(peer, args.peersDirectory)));
    } catch (error) {
      servers.push({ name: peer.name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return servers;
}

/** A local Kinesis over an empty directory. */
export function startLocalKinesis(directory: string): Promise<ServerProcess> {
  return startScript("./serve-local-kinesis.ts", [directory]);
}

async function withStreams(name: string, process: ServerProcess): Promise<RunningServer> {
  const client = createSdkClient(process.url, "1.1");
  try {
    for (const recordBytes of RECORD_SIZES) await createStream(client, streamNameFor(recordBytes));
  } catch (error) {
    await process.stop();
    throw error;
  } finally {
    client.destroy();
  }
  return { name, process, keepsRecords: true };
}
