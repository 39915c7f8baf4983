import { request } from "node:http";
import { CreateStreamCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { startLocalKinesis } from "../../src/index.ts";
import type { LocalKinesis, LocalKinesisOptions } from "../../src/index.ts";
import { createHeldClock } from "../held-clock.ts";
import type { HeldClock } from "../held-clock.ts";
import { makeTemporaryDirectory } from "../temporary-directory.ts";

/** A server of one case, and the ways to call it. */
export interface Target {
  readonly kinesis: LocalKinesis;
  readonly clock: HeldClock;
  /** The unmodified AWS SDK, without retries. */
  readonly client: KinesisClient;
  /** Makes a stream and answers its name: one shard unless told otherwise. */
  createStream(shape?: {
    readonly shards?: number;
    readonly onDemand?: boolean;
    readonly name?: string;
  }): Promise<string>;
  /** Sends a request as it stands, over HTTP/1.1. */
  raw(request: RawRequest): Promise<RawAnswer>;
}

/** A request by hand. */
export interface RawRequest {
  /** The operation, for the header `X-Amz-Target`; absent for none. */
  readonly operation?: string;
  readonly method?: string;
  readonly path?: string;
  /** Beside `content-type`, `x-amz-target` and a signature that is well-formed; `undefined` leaves one of these away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** A value is sent as JSON. */
  readonly body?: string | Uint8Array | object;
}

/** What came back. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const SIGNATURE =
  "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=00";

/** Starts a server in a directory of its own, on a held clock. Call the second value to end it. */
export async function startTarget(
  options: Partial<LocalKinesisOptions> = {},
): Promise<[target: Target, stop: () => Promise<void>]> {
  const directory = await makeTemporaryDirectory();
  const clock = createHeldClock();
  const kinesis = await startLocalKinesis({
    directory: directory.path,
    port: 0,
    clock,
    stateDelayMs: 0,
    limits: false,
    ...options,
  });
  const client = new KinesisClient({
    endpoint: kinesis.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
  let streams = 0;
  const target: Target = {
    kinesis,
    clock,
    client,
    async createStream({ shards = 1, onDemand = false, name = `stream-${(streams += 1)}` } = {}) {
      const capacity = onDemand ? { StreamModeDetails: { StreamMode: "ON_DEMAND" } as const } : { ShardCount: shards };
      await client.send(new CreateStreamCommand({ StreamName: name, ...capacity }));
      return name;
    },
    raw: (raw) => send(kinesis.port, raw),
  };
  const stop = async (): Promise<void> => {
    client.destroy();
    await kinesis.close();
    await directory.remove();
  };
  return [target, stop];
}

function send(port: number, { operation, method = "POST", path = "/", headers = {}, body = "" }: RawRequest) {
  const payload = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  const all = {
    "content-type": "application/x-amz-json-1.1",
    authorization: SIGNATURE,
    "x-amz-date": "20260101T000000Z",
    "x-amz-target": operation === undefined ? undefined : `Kinesis_20131202.${operation}`,
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise<RawAnswer>((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, method, path, headers: given, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    call.on("error", reject);
    call.end(payload);
  });
}
