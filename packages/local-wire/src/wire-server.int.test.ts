import { request as requestHttp } from "node:http";
import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import { connect as connectSocket } from "node:net";
import { gzipSync } from "node:zlib";
import { Decoder, Encoder } from "cbor-x";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SerializedAnswer, WireError, startWireServer } from "./index.ts";
import type { WireRequest, WireServer, WireService } from "./index.ts";

const SIGNED = {
  "x-amz-date": "20250101T000000Z",
  authorization:
    "AWS4-HMAC-SHA256 Credential=local/20250101/eu-west-1/echo/aws4_request, SignedHeaders=host, Signature=0",
};
const hanging: AbortSignal[] = [];
const OPEN_BRACE = "{".charCodeAt(0);

/** Looks at a body again after others have come. */
async function keep(body: Buffer): Promise<object> {
  const before = body.toString();
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  return { kept: body.toString() === before, length: body.length };
}

/** More than one write takes. */
const READY = "x".repeat(200_000);

const echo: WireService = {
  targetPrefix: "Echo_1",
  readJson: (operation, body) => (operation === "Keep" && body[0] === OPEN_BRACE ? { body } : undefined),
  async handle(request: WireRequest) {
    switch (request.operation) {
      case "Echo":
        return { ...request.input, region: request.region, accessKeyId: request.accessKeyId };
      case "Kinds":
        return {
          blob: Buffer.from("hello"),
          time: new Date(1500),
          long: { time: new Date(1_700_000_000_500), count: 2 ** 40 },
          absent: undefined,
          list: [{ blob: new Uint8Array(1) }],
        };
      case "Length":
        return { length: (request.input.text as string).length };
      case "Keep":
        return keep(request.input["body"] as Buffer);
      case "Ready":
        return new SerializedAnswer('{"ready":true}');
      case "ReadyInParts":
        return new SerializedAnswer(['{"ready":"', READY, '"}'].map((part) => Buffer.from(part)));
      case "Nothing":
        return undefined;
      case "Unsendable":
        return new SerializedAnswer(Symbol("no body") as never);
      case "Hang":
        hanging.push(request.signal);
        return new Promise((_, reject) => request.signal.addEventListener("abort", () => reject(new Error("gone"))));
      case "Refuse":
        throw new WireError("ValidationException", "not so", { fields: { Reason: "WRONG" }, member: "Message" });
      default:
        throw new Error("broken");
    }
  },
};

const PATIENCE = { timeout: 10_000 };
let server: WireServer;
const lines: string[] = [];

beforeAll(async () => {
  server = await startWireServer({
    services: [echo],
    routes: [
      async ({ path, query, body }) =>
        path === "/page"
          ? { status: 201, headers: { "content-type": "text/plain" }, body: `${query.get("q")} ${body.length}` }
          : undefined,
    ],
    port: 0,
    log: (line) => lines.push(line),
  });
});

afterAll(() => server.close());

function call(
  operation: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(server.url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `Echo_1.${operation}`,
      ...SIGNED,
      ...headers,
    },
    body,
  });
}

function callHttp2(session: ClientHttp2Session, operation: string, body: string) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": "/",
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `Echo_1.${operation}`,
      ...SIGNED,
    });
    let text = "";
    let headers: Record<string, unknown> = {};
    stream.on("response", (received) => (headers = received));
    stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    stream.on("end", () => resolve({ status: Number(headers[":status"]), headers, text }));
    stream.on("error", reject);
    stream.end(body);
  });
}

describe("JSON over HTTP/1.1", () => {
  it("hands the decoded input to the service and renders its output", async () => {
    const response = await call("Echo", '{"a":1}');
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.1");
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toEqual({ a: 1, region: "eu-west-1", accessKeyId: "local" });
  });

  it("writes blobs as base64 and timestamps as seconds with a fraction", async () => {
    const response = await call("Kinds", "{}");
    expect(await response.json()).toEqual({
      blob: "aGVsbG8=",
      time: 1.5,
      long: { time: 1_700_000_000.5, count: 2 ** 40 },
      list: [{ blob: "AA==" }],
    });
  });

  it("sends a serialised answer as it stands and no output as an empty body", async () => {
    expect(await (await call("Ready", "{}")).text()).toBe('{"ready":true}');
    expect(await (await call("Nothing", "{}")).text()).toBe("");
    const inParts = await call("ReadyInParts", "{}");
    expect(inParts.headers.get("content-length")).toBe(String(READY.length + 12));
    expect(await inParts.json()).toEqual({ ready: READY });
  });

  it("leaves a body that the service reads itself as it is until that has answered", async () => {
    for (let round = 0; round < 3; round++) {
      const bodies = Array.from({ length: 12 }, (_, index) => `{${String(index).repeat(300_000)}}`);
      const answers = await Promise.all(bodies.map(async (body) => (await call("Keep", body)).json()));
      expect(answers).toEqual(bodies.map((body) => ({ kept: true, length: body.length })));
    }
    expect((await call("Keep", "no structure")).status).toBe(400);
  });

  it("undoes gzip", async () => {
    const response = await call("Echo", gzipSync('{"a":"zipped"}'), { "content-encoding": "gzip" });
    expect(await response.json()).toMatchObject({ a: "zipped" });
  });

  it("takes a request of 14 MiB and refuses one of 17 MiB", async () => {
    const text = (bytes: number) => JSON.stringify({ text: "x".repeat(bytes) });
    expect(await (await call("Length", text(14 * 1024 * 1024))).json()).toEqual({ length: 14 * 1024 * 1024 });
    expect((await call("Length", text(17 * 1024 * 1024))).status).toBe(413);
    const bomb = gzipSync(text(17 * 1024 * 1024));
    expect((await call("Length", bomb, { "content-encoding": "gzip" })).status).toBe(413);
  });
});

describe("errors", () => {
  it("renders an error of the service with its type, text and fields", async () => {
    const response = await call("Refuse", "{}");
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-errortype")).toBe("ValidationException");
    expect(await response.json()).toEqual({ __type: "ValidationException", Message: "not so", Reason: "WRONG" });
  });

  it("answers InternalFailure for a fault and tells the log", async () => {
    const response = await call("Broken", "{}");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ __type: "InternalFailure", message: "broken" });
    expect(lines.join()).toContain("Echo_1.Broken failed");
  });

  it("ends the connection of an answer that cannot be sent, tells the log, and goes on", async () => {
    await expect(call("Unsendable", "{}")).rejects.toThrow();
    const session = connect(server.url);
    await expect(callHttp2(session, "Unsendable", "{}")).rejects.toThrow();
    session.close();
    expect(lines.filter((line) => line.startsWith("an answer could not be sent"))).toHaveLength(2);
    expect((await call("Echo", "{}")).status).toBe(200);
  });

  it.each([
    ["UnknownOperationException", { "x-amz-target": "Other_1.Echo" }, "{}"],
    ["UnknownOperationException", { "x-amz-target": "nonsense" }, "{}"],
    ["SerializationException", {}, "{broken"],
    ["SerializationException", {}, "[]"],
    ["SerializationException", {}, ""],
    ["MissingAuthenticationTokenException", { authorization: "" }, "{}"],
  ])("answers %s for %j and %j", async (type, headers, body) => {
    const response = await call("Echo", body, headers as Record<string, string>);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: type });
  });
});

describe("CBOR", () => {
  it("reads and writes bytes, and timestamps as tagged milliseconds", async () => {
    const encoder = new Encoder({ useRecords: false, tagUint8Array: false });
    const headers = { "content-type": "application/x-amz-cbor-1.1" };
    const echoed = await call("Echo", new Uint8Array(encoder.encode({ data: Buffer.from([1, 2]) })), headers);
    expect(echoed.headers.get("content-type")).toBe("application/x-amz-cbor-1.1");
    const decoder = new Decoder({ useRecords: false, mapsAsObjects: true });
    expect(decoder.decode(Buffer.from(await echoed.arrayBuffer()))).toMatchObject({ data: Buffer.from([1, 2]) });

    const kinds = Buffer.from(await (await call("Kinds", new Uint8Array(encoder.encode({})), headers)).arrayBuffer());
    expect(kinds.toString("hex")).toContain("c11905dc"); // tag 1, unsigned 1500
    expect(kinds.toString("hex")).toContain("c11b0000018bcfe569f4"); // tag 1, 1700000000500 over 64 bits
    expect(kinds.toString("hex")).toContain("1b0000010000000000"); // 2^40
    expect(kinds.toString("hex")).toContain("4568656c6c6f"); // five bytes, no tag before them
  });

  it("hands timestamps on as epoch seconds", async () => {
    // {"at": tag 1 (1700000000500 as u64)}
    const body = Buffer.concat([Buffer.from("a1626174c11b", "hex"), Buffer.alloc(8)]);
    body.writeBigUInt64BE(1_700_000_000_500n, 6);
    const response = await call("Echo", body, { "content-type": "application/x-amz-cbor-1.1" });
    expect(new Decoder({ useRecords: false }).decode(Buffer.from(await response.arrayBuffer()))).toMatchObject({
      at: 1_700_000_000.5,
    });
  });
});

describe("HTTP/2 with prior knowledge", () => {
  it("answers many requests of one session at once", async () => {
    const session = connect(server.url);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => callHttp2(session, "Echo", JSON.stringify({ index }))),
    );
    expect(answers.map((answer) => JSON.parse(answer.text).index)).toEqual(answers.map((_, index) => index));
    expect(answers[0]?.headers["content-type"]).toBe("application/x-amz-json-1.1");
    const large = await callHttp2(session, "Length", JSON.stringify({ text: "x".repeat(10_000_000) }));
    expect(JSON.parse(large.text)).toEqual({ length: 10_000_000 });
    expect((await callHttp2(session, "ReadyInParts", "{}")).text).toBe(JSON.stringify({ ready: READY }));
    expect((await callHttp2(session, "Refuse", "{}")).status).toBe(400);
    session.close();
  });

  it("recognises a preface that arrives byte by byte", async () => {
    const socket = connectSocket(server.port, "127.0.0.1");
    const answered = new Promise<Buffer>((resolve) => socket.once("data", resolve));
    for (const character of "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") {
      await new Promise((resolve) => socket.write(character, resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.write(Buffer.from("000000040000000000", "hex")); // an empty SETTINGS frame
    expect((await answered)[3]).toBe(4); // the server's SETTINGS
    socket.destroy();
  });

  it("aborts the signal of a request whose client went away", async () => {
    const session = connect(server.url);
    const pending = callHttp2(session, "Hang", "{}").catch(() => undefined);
    await expect.poll(() => hanging.length, PATIENCE).toBe(1);
    session.destroy();
    await expect.poll(() => hanging[0]?.aborted, PATIENCE).toBe(true);
    await pending;
  });
});

describe("routes", () => {
  it("answer what has no target", async () => {
    const response = await fetch(`${server.url}/page?q=yes`, { method: "POST", body: "abc" });
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      201,
      "text/plain",
      "yes 3",
    ]);
  });

  it("leave the rest to AWS's answer for what names no operation", async () => {
    const response = await fetch(`${server.url}/nowhere`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("<AccessDeniedException>");
  });
});

describe("web pages", () => {
  const send = (path: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = requestHttp(`${server.url}${path}`, { method: "POST", headers }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode));
      });
      request.on("error", reject).end("{}");
    });

  it("reach no service and no route, whether they keep their name or take another", async () => {
    const signed = { "x-amz-target": "Echo_1.Echo", "content-type": "application/x-amz-json-1.1", ...SIGNED };
    expect(await send("/page", {})).toBe(201);
    expect(await send("/page", { origin: "https://evil.example" })).toBe(403);
    expect(await send("/page", { host: "evil.example:4566" })).toBe(403);
    expect(await send("/", signed)).toBe(200);
    expect(await send("/", { ...signed, origin: "https://evil.example" })).toBe(403);
    expect(await send("/", { ...signed, host: "evil.example:4566" })).toBe(403);
  });

  it("are refused over HTTP/2 too", async () => {
    const session = connect(server.url);
    const status = await new Promise((resolve, reject) => {
      const stream = session.request({ ":method": "POST", ":path": "/page", ":authority": "evil.example" });
      stream.on("response", (headers) => resolve(headers[":status"])).on("error", reject);
      stream.end("{}");
    });
    session.close();
    expect(status).toBe(403);
  });
});

describe("life cycle", () => {
  it("names the port and the cure when the port is in use", async () => {
    await expect(startWireServer({ services: [], port: server.port })).rejects.toThrow(
      `port ${server.port} is in use on 127.0.0.1; stop what uses it, or choose another port (0 for any)`,
    );
  });

  it("closes promptly with idle connections of both kinds and a request under way", async () => {
    const other = await startWireServer({ services: [echo], port: 0 });
    const session = connect(other.url);
    session.on("error", () => {});
    const pending = callHttp2(session, "Hang", "{}").catch(() => undefined);
    await fetch(`${other.url}/x`).then((response) => response.text());
    const silent = connectSocket(other.port, "127.0.0.1");
    await new Promise((resolve) => silent.once("connect", resolve));
    await expect.poll(() => hanging.length, PATIENCE).toBe(2);
    const before = performance.now();
    await other.close();
    await other.close();
    expect(performance.now() - before).toBeLessThan(2000);
    await pending;
    silent.destroy();
  });
});
