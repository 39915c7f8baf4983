import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWireServer } from "./index.ts";
import type { WireServer, WireServerOptions } from "./index.ts";

const AUTHORIZATION =
  "AWS4-HMAC-SHA256 Credential=k/20250101/eu-west-1/kinesis/aws4_request, SignedHeaders=h, Signature=0";
const CBOR_TYPE = "application/x-amz-cbor-1.1";
const PATIENCE = { timeout: 10_000 };
let server: WireServer;
let lines: string[];
let inputs: Record<string, unknown>[];
let work: () => Promise<void>;

const start = (options: Partial<WireServerOptions> = {}) =>
  startWireServer({
    services: [
      {
        targetPrefix: "K",
        async handle({ input }) {
          inputs.push(input);
          await work();
          return { members: Object.keys(input) };
        },
      },
    ],
    port: 0,
    log: (line) => lines.push(line),
    ...options,
  });

beforeEach(async () => {
  lines = [];
  inputs = [];
  work = async () => {};
  server = await start();
});

// Whatever was done to it: the server has no fault to tell of, and answers the next client.
afterEach(async () => {
  work = async () => {};
  expect(lines).toEqual([]);
  expect((await post("{}")).status).toBe(200);
  await server.close();
});

const HEADERS = {
  "content-type": "application/x-amz-json-1.1",
  "x-amz-target": "K.Op",
  "x-amz-date": "20250101T000000Z",
  authorization: AUTHORIZATION,
};

async function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(server.url, { method: "POST", headers: { ...HEADERS, ...headers }, body });
  return { status: response.status, type: response.headers.get("x-amzn-errortype"), text: await response.text() };
}

/** The head of a request by hand; lines of one's own come last. */
function head(...own: readonly string[]): string {
  const lines = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`);
  return ["POST / HTTP/1.1", "host: 127.0.0.1", ...lines, ...own, "", ""].join("\r\n");
}

/** Sends bytes as they stand and answers all that comes back until the server closes the connection. */
async function sendRaw(to: WireServer, bytes: string | Buffer, end = false): Promise<string> {
  const socket = connect(to.port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk: Buffer) => (received += chunk.toString("latin1")));
  socket.on("error", () => {});
  socket.write(bytes);
  if (end) socket.end();
  await once(socket, "close");
  return received;
}

describe("lengths that lie, over HTTP/1.1", () => {
  it.each([
    ["negative", head("content-length: -1", "connection: close"), "{}"],
    ["no number", head("content-length: two", "connection: close"), "{}"],
    ["two that differ", head("content-length: 2", "content-length: 3", "connection: close"), "{}"],
    [
      "one beside chunks",
      head("content-length: 2", "transfer-encoding: chunked", "connection: close"),
      "2\r\n{}\r\n0\r\n\r\n",
    ],
    ["a chunk whose length is none", head("transfer-encoding: chunked", "connection: close"), "zz\r\n{}\r\n0\r\n\r\n"],
    ["too long", head("content-length: 99", "connection: close"), "{}"],
  ])("%s: 400, and nothing is done", async (name, start, body) => {
    expect(await sendRaw(server, start + body, name === "too long")).toMatch(/^HTTP\/1\.1 400 /);
    expect(inputs).toEqual([]);
  });

  it("too short for a body that is whole: it is answered, and the rest refused", async () => {
    const received = await sendRaw(server, `${head("content-length: 7")}{"a":1}{"more":1}`);
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 400"]);
    expect(inputs).toEqual([{ a: 1 }]);
  });

  it("too short: 400, and nothing is done", async () => {
    const received = await sendRaw(server, `${head("content-length: 5")}{"a":1}`);
    expect(received).toMatch(/^HTTP\/1\.1 400 [^]*SerializationException/);
    expect(inputs).toEqual([]);
  });
});

/** Unlike `once`, this takes an error before the close for granted. */
function closeOf(stream: ClientHttp2Stream): Promise<void> {
  return new Promise((resolve) => stream.on("error", () => {}).on("close", resolve));
}

/** One HTTP/2 request, which says how its stream ended. */
async function send2(session: ClientHttp2Session, body: Buffer | string, headers: OutgoingHttpHeaders = {}) {
  const stream = session.request({ ":method": "POST", ":path": "/", ...HEADERS, ...headers });
  let status = 0;
  let text = "";
  stream.on("response", (received) => (status = Number(received[":status"])));
  stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  stream.on("error", () => {});
  stream.end(body);
  await closeOf(stream);
  return { status, text, code: stream.rstCode };
}

describe("over HTTP/2", () => {
  let session: ClientHttp2Session;
  beforeEach(() => void (session = connectHttp2(server.url, { maxSessionMemory: 1000 }).on("error", () => {})));
  afterEach(() => session.destroy());

  it.each(["1", "99"])(
    "a length of %s for two bytes ends the stream without an answer, and nothing is done",
    async (length) => {
      const { status, code } = await send2(session, "{}", { "content-length": length });
      expect(status).toBe(0);
      expect(code).not.toBe(constants.NGHTTP2_NO_ERROR);
      expect(inputs).toEqual([]);
    },
  );

  it("gzip is undone, and refused if it is none", async () => {
    const zipped = await send2(session, gzipSync('{"a":1}'), { "content-encoding": "gzip" });
    expect([zipped.status, inputs]).toEqual([200, [{ a: 1 }]]);
    const broken = await send2(session, "{}", { "content-encoding": "gzip" });
    expect([broken.status, broken.text]).toEqual([400, expect.stringContaining("SerializationException")]);
  });

  it("a client that resets its streams without end loses its session, and nobody else is touched", async () => {
    for (let count = 0; count < 5000 && !session.destroyed; count += 1) {
      const stream = session.request({ ":method": "POST", ":path": "/", ...HEADERS });
      stream.on("error", () => {});
      stream.close(constants.NGHTTP2_CANCEL);
      if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => session.destroyed, PATIENCE).toBe(true);
  });

  it("a hundred megabytes of bodies on one session are taken in their turn", async () => {
    const body = JSON.stringify({ text: "x".repeat(10 * 1024 * 1024) });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send2(session, body)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  });
});

describe("gzip over HTTP/1.1", () => {
  it.each([
    ["none", Buffer.from("{}")],
    ["cut short", gzipSync('{"a":"some text that is long enough"}').subarray(0, 20)],
    ["of no JSON", gzipSync("{")],
  ])("%s is refused", async (_, body) => {
    const { status, type } = await post(new Uint8Array(body), { "content-encoding": "gzip" });
    expect([status, type]).toEqual([400, "SerializationException"]);
  });
});

describe("a client that waits to be asked for its body", () => {
  it("is asked", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(head("content-length: 2", "expect: 100-continue", "connection: close"));
    const [asked] = (await once(socket, "data")) as [Buffer];
    expect(asked.toString()).toMatch(/^HTTP\/1\.1 100 Continue/);
    socket.write("{}");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });
});

describe("bodies that are made to break a parser", () => {
  const nest = (levels: number) => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;

  it("depth ends at a thousand levels", async () => {
    expect((await post(nest(999))).status).toBe(200);
    expect(await post(nest(1000))).toMatchObject({ status: 400, type: "SerializationException" });
    expect(await post(nest(1_000_000))).toMatchObject({ status: 400, type: "SerializationException" });
    expect(await post("[".repeat(1_000_000))).toMatchObject({ status: 400, type: "SerializationException" });
    for (const levels of [1000, 1_000_000]) {
      const body = new Uint8Array(
        Buffer.concat([Buffer.from("a16161", "hex"), Buffer.alloc(levels, 0x81), Buffer.alloc(1)]),
      );
      expect(await post(body, { "content-type": CBOR_TYPE })).toMatchObject({
        status: 400,
        type: "SerializationException",
      });
    }
  });

  it.each([
    ["a declared list of 2^32 items", "a161619affffffff"],
    ["a declared string of 2^63 bytes", "a161617b7fffffffffffffff"],
    ["a tag for a shared value that holds itself", "a16161d81c81d81d00"],
    ["a body that is bytes", "4161"],
    ["a body cut short", "a26161"],
  ])("%s is refused", async (_, hex) => {
    expect(await post(new Uint8Array(Buffer.from(hex, "hex")), { "content-type": CBOR_TYPE })).toMatchObject({
      status: 400,
      type: "SerializationException",
    });
    expect(inputs).toEqual([]);
  });

  it("members named like a prototype's are members, and change no object", async () => {
    expect((await post('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')).text).toBe(
      '{"members":["__proto__","constructor"]}',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect((inputs[0] as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("of two members with one name the last holds", async () => {
    await post('{"a":1,"a":2}');
    expect(inputs).toEqual([{ a: 2 }]);
  });
});

describe("clients that are slow", () => {
  let impatient: WireServer;
  beforeEach(async () => void (impatient = await start({ requestTimeoutMs: 300 })));
  afterEach(() => impatient.close());

  it.each([
    ["nothing", "", ""],
    ["the beginning of an HTTP/2 preface", "PRI", ""],
    ["a preface and no more", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ""],
    ["half a frame", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0", ""],
    ["half its headers", head().slice(0, 80), "HTTP/1.1 408 "],
    ["half its body", `${head("content-length: 10")}{"a":`, "HTTP/1.1 408 "],
    ["half its chunks", `${head("transfer-encoding: chunked")}2\r\n{"\r\n`, "HTTP/1.1 408 "],
  ])("lose their connection after %s", async (_, bytes, answer) => {
    expect(await sendRaw(impatient, bytes)).toContain(answer);
    expect(inputs).toEqual([]);
  });

  it("lose their HTTP/2 stream after half a body, and keep their session for others", async () => {
    const session = connectHttp2(impatient.url).on("error", () => {});
    const stream = session.request({ ":method": "POST", ":path": "/", ...HEADERS });
    stream.on("error", () => {});
    stream.write('{"a":');
    await closeOf(stream);
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
    expect(inputs).toEqual([]);
    expect((await send2(session, "{}")).status).toBe(200);
    session.destroy();
  });

  it("keep it while their answer is under way", async () => {
    let finish = (): void => {};
    work = () => new Promise((resolve) => (finish = resolve));
    const session = connectHttp2(impatient.url).on("error", () => {});
    const answer = send2(session, "{}");
    await expect.poll(() => inputs.length, PATIENCE).toBe(1);
    // The server looks at its connections many times meanwhile: others that say nothing come and go.
    for (let round = 0; round < 3; round += 1) await sendRaw(impatient, "");
    finish();
    expect((await answer).status).toBe(200);
    session.destroy();
  });
});

describe("a client that leaves half way", () => {
  it("has nothing done for it, and the log hears nothing", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(`${head("content-length: 10")}{"a":`);
    socket.once("connect", () => socket.resetAndDestroy());
    await once(socket, "close");
    const session = connectHttp2(server.url).on("error", () => {});
    const stream = session.request({ ":method": "POST", ":path": "/", ...HEADERS }).on("error", () => {});
    stream.write('{"a":', () => session.destroy());
    await closeOf(stream);
    expect((await post('{"b":1}')).status).toBe(200);
    expect(inputs).toEqual([{ b: 1 }]);
  });
});
