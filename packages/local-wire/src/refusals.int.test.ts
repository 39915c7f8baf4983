import { request as requestHttp } from "node:http";
import { decode as decodeCbor } from "cbor-x";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer } from "./index.ts";
import type { WireServer } from "./index.ts";

const JSON_TYPE = "application/x-amz-json-1.1";
const CBOR_TYPE = "application/x-amz-cbor-1.1";
const AUTHORIZATION =
  "AWS4-HMAC-SHA256 Credential=k/20250101/eu-west-1/kinesis/aws4_request, SignedHeaders=h, Signature=0";
const TARGET = "Kinesis_20131202.ListStreams";
let server: WireServer;

beforeAll(async () => {
  server = await startWireServer({
    services: [
      {
        targetPrefix: "Kinesis_20131202",
        operations: new Set(["ListStreams", "CreateStream"]),
        handle: async ({ operation }) =>
          operation === "ListStreams" ? { StreamNames: [], HasMoreStreams: false } : undefined,
      },
    ],
    port: 0,
  });
});
afterAll(() => server.close());

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly type?: string;
  readonly target?: string;
  readonly body?: string | Buffer;
  readonly unsigned?: true;
}

function call({ method = "POST", path = "/", type, target, body, unsigned }: Call) {
  const headers = {
    ...(type === undefined ? {} : { "content-type": type }),
    ...(target === undefined ? {} : { "x-amz-target": target }),
    ...(unsigned ? {} : { authorization: AUTHORIZATION, "x-amz-date": "20250101T000000Z" }),
  };
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; names: string[]; body: Buffer }>(
    (resolve, reject) => {
      const request = requestHttp(`${server.url}${path}`, { method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            names: response.rawHeaders.filter((_, position) => position % 2 === 0),
            body: Buffer.concat(chunks),
          }),
        );
      });
      request.on("error", reject).end(body);
    },
  );
}

const ACCESS_DENIED =
  "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n";
const UNKNOWN = "<UnknownOperationException/>\n";
const enveloped = (type: string) => ({ Output: { __type: `com.amazon.coral.service#${type}` }, Version: "1.0" });

// As kinesalite's connection tests recorded it on AWS, but for a text beside the type where AWS has none.
describe("what is not a request for an operation is answered as AWS answers it", () => {
  it.each<[string, Call, number, string | undefined, unknown]>([
    ["GET", { method: "GET" }, 403, undefined, ACCESS_DENIED],
    ["PUT", { method: "PUT" }, 403, undefined, ACCESS_DENIED],
    ["DELETE", { method: "DELETE", target: TARGET, type: JSON_TYPE }, 403, undefined, ACCESS_DENIED],
    ["OPTIONS", { method: "OPTIONS" }, 403, undefined, ACCESS_DENIED],
    [
      "PUT with all else in order",
      { method: "PUT", target: TARGET, type: JSON_TYPE, body: "{}" },
      403,
      undefined,
      ACCESS_DENIED,
    ],
    ["no body", {}, 400, CBOR_TYPE, "UnknownOperationException"],
    ["no body, unsigned", { unsigned: true }, 400, CBOR_TYPE, "UnknownOperationException"],
    ["no body in JSON", { type: JSON_TYPE }, 400, JSON_TYPE, "UnknownOperationException"],
    ["no body in JSON 1.0", { type: "application/x-amz-json-1.0" }, 400, CBOR_TYPE, "UnknownOperationException"],
    ["no body, another type", { type: `${JSON_TYPE}asdf` }, 400, CBOR_TYPE, "UnknownOperationException"],
    ["no body, a type", { type: "application/json" }, 400, CBOR_TYPE, "UnknownOperationException"],
    ["no body, a target without a dot", { target: "Whatever" }, 400, CBOR_TYPE, "UnknownOperationException"],
    ["no body, no operation", { target: "Kinesis_20131202." }, 400, CBOR_TYPE, "UnknownOperationException"],
    [
      "no body, another operation",
      { target: "Kinesis_20131202.ListStream" },
      400,
      CBOR_TYPE,
      "UnknownOperationException",
    ],
    ["no body, another service", { target: "Whatever.ListStreams" }, 400, CBOR_TYPE, "UnknownOperationException"],
    ["no body, a target", { target: TARGET }, 400, CBOR_TYPE, "SerializationException"],
    ["no body, a target, JSON", { target: TARGET, type: JSON_TYPE }, 400, JSON_TYPE, "SerializationException"],
    [
      "no body, a target, a type",
      { target: TARGET, type: "application/json" },
      400,
      CBOR_TYPE,
      "SerializationException",
    ],
    ["no type and no target", { body: "{}" }, 403, undefined, ACCESS_DENIED],
    ["no type", { body: "{}", target: TARGET }, 404, undefined, UNKNOWN],
    ["another type", { body: "{}", target: TARGET, type: "text/plain" }, 404, undefined, UNKNOWN],
    ["JSON 1.0", { body: "{}", target: TARGET, type: "application/x-amz-json-1.0" }, 404, undefined, UNKNOWN],
    [
      "a type",
      { body: "{}", target: TARGET, type: "application/json" },
      404,
      "application/json",
      enveloped("UnknownOperationException"),
    ],
    [
      "a type, no JSON",
      { body: "hello", target: TARGET, type: "  application/json ;" },
      400,
      "application/json",
      enveloped("SerializationException"),
    ],
    ["no target", { body: "{}", type: JSON_TYPE }, 400, JSON_TYPE, "UnknownOperationException"],
    [
      "another operation",
      { body: "{}", type: JSON_TYPE, target: "Kinesis_20131202.X", unsigned: true },
      400,
      JSON_TYPE,
      "UnknownOperationException",
    ],
    [
      "no JSON",
      { body: "hello", type: JSON_TYPE, target: TARGET, unsigned: true },
      400,
      JSON_TYPE,
      "SerializationException",
    ],
    ["no JSON and no operation", { body: "hello", type: JSON_TYPE }, 400, JSON_TYPE, "SerializationException"],
    ["no structure", { body: "true", type: JSON_TYPE, target: TARGET }, 400, JSON_TYPE, "SerializationException"],
    ["no CBOR", { body: "{}", type: CBOR_TYPE, target: TARGET }, 400, CBOR_TYPE, "SerializationException"],
    [
      "no signature",
      { body: "{}", type: `  ${JSON_TYPE}  ;whatever`, target: TARGET, unsigned: true },
      400,
      JSON_TYPE,
      "MissingAuthenticationTokenException",
    ],
    [
      "two signatures",
      { body: "{}", type: JSON_TYPE, target: TARGET, path: "/?X-Amz-Algorithm" },
      400,
      JSON_TYPE,
      "InvalidSignatureException",
    ],
    [
      "a presigned query without its parts",
      { body: "{}", type: JSON_TYPE, target: TARGET, path: "/?X-Amz-Algorithm", unsigned: true },
      400,
      JSON_TYPE,
      "IncompleteSignatureException",
    ],
    ["no URL", { body: "{}", type: JSON_TYPE, path: "//[" }, 400, JSON_TYPE, "UnknownOperationException"],
  ])("%s", async (_, request, status, contentType, body) => {
    const answer = await call(request);
    expect([answer.status, answer.headers["content-type"]]).toEqual([status, contentType]);
    expect(answer.headers["content-length"]).toBe(String(answer.body.length));
    expect(answer.headers["x-amzn-requestid"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(Buffer.from(String(answer.headers["x-amz-id-2"]), "base64")).toHaveLength(72);
    const text = answer.body.toString();
    if (contentType === undefined) expect(text).toBe(body);
    else if (contentType === CBOR_TYPE) expect(decodeCbor(answer.body)).toMatchObject({ __type: body });
    else expect(JSON.parse(text)).toMatchObject(typeof body === "string" ? { __type: body } : (body as object));
  });
});

describe("what is answered", () => {
  it("bears the headers AWS sends, spelled as it spells them", async () => {
    const { status, names, headers } = await call({ type: JSON_TYPE, target: TARGET, body: "{}" });
    expect(status).toBe(200);
    expect(names).toEqual(
      expect.arrayContaining(["x-amzn-RequestId", "x-amz-id-2", "Date", "Content-Type", "Content-Length"]),
    );
    expect(Date.parse(String(headers.date))).not.toBeNaN();
  });

  it.each([
    [JSON_TYPE, "{}"],
    [CBOR_TYPE, Buffer.from("a0", "hex")],
  ])("is empty for an operation without output, in %s", async (type, body) => {
    const answer = await call({ type, target: "Kinesis_20131202.CreateStream", body });
    expect([answer.status, answer.headers["content-type"], answer.headers["content-length"]]).toEqual([200, type, "0"]);
  });
});
