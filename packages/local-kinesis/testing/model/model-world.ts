import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { clientOf } from "../client-of.ts";
import { openKinesis, startLocalKinesis } from "../../src/index.ts";
import { createDirectClient } from "../direct-client.ts";
import { createHeldClock } from "../held-clock.ts";
import type { HeldClock } from "../held-clock.ts";
import { makeMemoryDirectory } from "../temporary-directory.ts";

/** A Kinesis on a held clock, in a directory of its own, that a schedule is run on. */
export interface ModelWorld {
  /** Its path. */
  readonly directory: string;
  readonly clock: HeldClock;
  /** Takes the commands of the AWS SDK; errors bear the service's `name`. */
  readonly client: Pick<KinesisClient, "send">;
  /** Closes the directory and opens it again, after a look at it while it is closed. */
  reopen(look?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const OPTIONS = { stateDelayMs: 0, limits: false };

/** Without a wire: commands go to the service as they are. Many times as fast. */
export async function openDirectWorld(): Promise<ModelWorld> {
  return openWorld(async (directory, clock) => {
    const kinesis = await openKinesis({ ...OPTIONS, directory, clock });
    return { client: createDirectClient(kinesis.service), close: () => kinesis.close() };
  });
}

/** Through the unmodified SDK, over the wire. */
export async function openWireWorld(): Promise<ModelWorld> {
  return openWorld(async (directory, clock) => {
    const kinesis = await startLocalKinesis({ ...OPTIONS, directory, clock, port: 0 });
    const client = clientOf(kinesis.url, { maxAttempts: 1 });
    const close = async (): Promise<void> => {
      client.destroy();
      await kinesis.close();
    };
    return { client, close };
  });
}

async function openWorld(
  open: (directory: string, clock: HeldClock) => Promise<Pick<ModelWorld, "client" | "close">>,
): Promise<ModelWorld> {
  const directory = await makeMemoryDirectory();
  const clock = createHeldClock();
  let current = await open(directory.path, clock);
  return {
    directory: directory.path,
    clock,
    get client() {
      return current.client;
    },
    async reopen(look) {
      await current.close();
      await look?.();
      current = await open(directory.path, clock);
    },
    async close() {
      await current.close();
      await directory.remove();
    },
  };
}
