import { request as requestHttp1 } from "node:http";
import { connect } from "node:http2";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SerializedAnswer, startWireServer } from "./index.ts";
import type { WireServer } from "./index.ts";

const HEADERS = {
  "content-type": "application/x-amz-json-1.1",
  "x-amz-target": "Parts_1.Get",
  "x-amz-date": "20250101T000000Z",
  authorization:
    "AWS4-HMAC-SHA256 Credential=local/20250101/eu-west-1/parts/aws4_request, SignedHeaders=host, Signature=0",
};
const PART_BYTES = 256 * 1024;
const PARTS = 24;

let server: WireServer;
let sentCount = 0;

beforeAll(async () => {
  server = await startWireServer({
    port: 0,
    services: [
      {
        targetPrefix: "Parts_1",
        handle: async () => {
          const chunks = Array.from({ length: PARTS }, (_, index) => Buffer.alloc(PART_BYTES, 97 + index));
          const onSent = (chunk: Uint8Array): void => {
            sentCount += 1;
            chunk.fill(0);
          };
          return new SerializedAnswer({ chunks, onSent });
        },
      },
    ],
  });
});

afterAll(() => server.close());

/** Reads in fits and starts, so that chunks leave the server in pieces. */
async function readSlowly(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) {
    pieces.push(piece as Buffer);
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  return Buffer.concat(pieces);
}

const versions = {
  "HTTP/1.1": () =>
    new Promise<Buffer>((resolve, reject) => {
      const call = requestHttp1(server.url, { method: "POST", headers: HEADERS }, (response) => {
        expect(response.headers["content-length"]).toBe(String(PARTS * PART_BYTES));
        readSlowly(response).then(resolve, reject);
      });
      call.on("error", reject).end("{}");
    }),
  "HTTP/2": async () => {
    const session = connect(server.url);
    const stream = session.request({ ":method": "POST", ":path": "/", ...HEADERS });
    stream.end("{}");
    return readSlowly(stream).finally(() => session.close());
  },
};

describe.each(Object.entries(versions))("an answer in chunks over %s", (_, call) => {
  it("is whole, though the memory of each chunk is used again as soon as it may be", async () => {
    const before = sentCount;
    const expected = Buffer.concat(Array.from({ length: PARTS }, (_, index) => Buffer.alloc(PART_BYTES, 97 + index)));
    const answers = await Promise.all([call(), call(), call()]);
    for (const answer of answers) expect(answer.equals(expected)).toBe(true);
    await expect.poll(() => sentCount - before).toBe(answers.length * PARTS);
  });
});
