import { once } from "node:events";
import { KinesisClient, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { NodeHttp2Handler, NodeHttpHandler } from "@smithy/node-http-handler";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NoAnswer, startWireServer } from "./index.ts";
import type { WireRequest, WireServer } from "./index.ts";

const PATIENCE = { timeout: 10_000 };
let server: WireServer;
let requests: WireRequest[];
let manners: ("silence" | "reset")[];

beforeEach(async () => {
  requests = [];
  server = await startWireServer({
    services: [
      {
        targetPrefix: "Kinesis_20131202",
        async handle(request) {
          requests.push(request);
          const manner = manners.shift();
          return manner === undefined ? { StreamNames: ["s"], HasMoreStreams: false } : new NoAnswer(manner);
        },
      },
    ],
    port: 0,
  });
});

afterEach(() => server.close());

describe.each(["HTTP/2", "HTTP/1.1"])("an unmodified client over %s", (version) => {
  const newClient = (maxAttempts: number, requestTimeout?: number) => {
    const timeouts = requestTimeout === undefined ? {} : { requestTimeout };
    return new KinesisClient({
      endpoint: server.url,
      region: "eu-west-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts,
      requestHandler:
        version === "HTTP/2"
          ? new NodeHttp2Handler({ ...timeouts, disableConcurrentStreams: true })
          : new NodeHttpHandler({ ...timeouts, throwOnRequestTimeout: true }),
    });
  };

  it("takes a reset for a reset connection, and asks again", async () => {
    manners = ["reset"];
    const impatient = newClient(1);
    const error = await impatient.send(new ListStreamsCommand()).catch((caught: Error & { code?: string }) => caught);
    // Over HTTP/2 the handler forgets the code when its own write, of a SETTINGS acknowledgement say, met the reset first.
    const signs = version === "HTTP/2" ? ["ECONNRESET", "TimeoutError"] : ["ECONNRESET"];
    expect(signs).toContain("code" in error ? error.code : "name" in error && error.name);
    impatient.destroy();

    manners = ["reset", "reset"];
    const patient = newClient(3);
    expect((await patient.send(new ListStreamsCommand())).StreamNames).toEqual(["s"]);
    expect(requests).toHaveLength(4);
    patient.destroy();
  });

  it("waits in silence until its own patience ends, and asks again", async () => {
    manners = ["silence"];
    const client = newClient(2, 100);
    expect((await client.send(new ListStreamsCommand())).StreamNames).toEqual(["s"]);
    expect(requests).toHaveLength(2);
    await expect.poll(() => requests[0]?.signal.aborted, PATIENCE).toBe(true);
    client.destroy();
  });

  it("is let go when the server closes", async () => {
    manners = ["silence"];
    const client = newClient(1);
    const pending = expect(client.send(new ListStreamsCommand())).rejects.toThrow();
    await expect.poll(() => requests.length, PATIENCE).toBe(1);
    const aborted = once(requests[0]?.signal as AbortSignal, "abort");
    await server.close();
    await aborted;
    await pending;
    client.destroy();
  });
});
