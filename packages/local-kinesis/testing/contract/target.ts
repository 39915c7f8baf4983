import { request } from "node:http";
import { CreateStreamCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { startLocalKinesis } from "../../src/index.ts";
import type { LocalKinesis, LocalKinesisOptions } from "../../src/index.ts";
import { createHeldClock } from "../held-clock.ts";
import type { HeldClock } from "../held-clock.ts";

/** What the SDK's client speaks: HTTP/2 is its default, HTTP/1.1 what most other clients speak. */
export type HttpVersion = "HTTP/1.1" | "HTTP/2";

/** A server of one case, and the ways to call it. */
export interface Target {
  readonly kinesis: LocalKinesis;
  readonly clock: HeldClock;
  /** The unmodified AWS SDK, without retries. */
  readonly client: KinesisClient;
  /** A further client that speaks this; the default is the SDK's own. */
  connect(http?: HttpVersion): KinesisClient;
  /** The operations that were answered with success so far. */
  readonly answered: ReadonlySet<string>;
  /** Of ARNs and error texts. */
  readonly accountId: string;
  readonly region: string;
  /** The ARN of a stream of this name. */
  arn(streamName: string): string;
  /** Makes a stream and answers its name: one shard unless told otherwise. */
  createStream(shape?: {
    readonly shards?: number;
    readonly onDemand?: boolean;
    readonly name?: string;
  }): Promise<string>;
  /** Calls an operation with an input that no SDK would send, as JSON, and reads the JSON it answers. */
  call(operation: string, input: object): Promise<JsonAnswer>;
  /** Sends a request as it stands, over HTTP/1.1. */
  raw(request: RawRequest): Promise<RawAnswer>;
}

/** What an operation answered to {@link Target.call}. */
export interface JsonAnswer {
  readonly status: number;
  /** Without members if the body is empty. */
  readonly body: Readonly<Record<string, unknown>>;
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

const REGION = "eu-west-1";
const ACCOUNT_ID = "000000000000";
const SIGNATURE = `AWS4-HMAC-SHA256 Credential=local/20260101/${REGION}/kinesis/aws4_request, SignedHeaders=host, Signature=00`;

/** Starts a server in a directory of its own, on a held clock. Call the second value to end it. */
export async function startTarget(
  options: Partial<LocalKinesisOptions> = {},
  http: HttpVersion = "HTTP/1.1",
): Promise<[target: Target, stop: () => Promise<void>]> {
  const clock = createHeldClock();
  const kinesis = await startLocalKinesis({ clock, stateDelayMs: 0, limits: false, ...options });
  const answered = new Set<string>();
  const connect = (version: HttpVersion = "HTTP/2"): KinesisClient => {
    const client = new KinesisClient({
      endpoint: kinesis.url,
      region: REGION,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
      ...(version === "HTTP/1.1" ? { requestHandler: new NodeHttpHandler() } : {}),
    });
    client.middlewareStack.add(
      (next, { commandName = "" }) =>
        async (args) => {
          const result = await next(args);
          answered.add(commandName.replace(/Command$/, ""));
          return result;
        },
      { step: "initialize" },
    );
    return client;
  };
  const client = connect(http);
  const raw = async (given: RawRequest): Promise<RawAnswer> => {
    const answer = await send(kinesis.port, given);
    if (answer.status === 200 && given.operation !== undefined) answered.add(given.operation);
    return answer;
  };
  let streams = 0;
  const target: Target = {
    kinesis,
    clock,
    client,
    connect,
    answered,
    accountId: ACCOUNT_ID,
    region: REGION,
    arn: (streamName) => `arn:aws:kinesis:${REGION}:${ACCOUNT_ID}:stream/${streamName}`,
    async createStream({ shards = 1, onDemand = false, name = `stream-${(streams += 1)}` } = {}) {
      const capacity = onDemand ? { StreamModeDetails: { StreamMode: "ON_DEMAND" } as const } : { ShardCount: shards };
      await client.send(new CreateStreamCommand({ StreamName: name, ...capacity }));
      return name;
    },
    async call(operation, body) {
      const answer = await raw({ operation, body });
      const text = answer.body.toString();
      return { status: answer.status, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
    },
    raw,
  };
  const stop = async (): Promise<void> => {
    client.destroy();
    await kinesis.close();
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
