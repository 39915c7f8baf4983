import type { Random } from "@millrace/local-wire/testing/random";
import { CONTENT_TYPES, encodeBody } from "./bodies.ts";
import { mutate, mutateBytes } from "./mutate.ts";
import type { RawRequest } from "./sender.ts";

const PREFIX = "Kinesis_20131202.";

/** A request as an SDK sends it, but for the signature, which nobody checks. */
export function signedRequest(operation: string, protocol: "json" | "cbor", body: Buffer): RawRequest {
  const headers = {
    "content-type": CONTENT_TYPES[protocol],
    "x-amz-target": PREFIX + operation,
    "x-amz-date": "20260101T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=0",
  };
  return { version: "HTTP/1.1", method: "POST", path: "/", headers, body };
}

/** A request with something wrong with it, mostly: an input, the bytes of a body, all bytes of it, or what is around it. */
export function badRequest(
  random: Random,
  inputs: Readonly<Record<string, readonly object[]>>,
): { readonly operation: string; readonly request: RawRequest } {
  const operation = random.pick(Object.keys(inputs));
  const input = random.pick(inputs[operation] ?? []);
  const protocol = random.pick(["json", "cbor"] as const);
  const make = (body: Buffer): RawRequest => ({
    ...signedRequest(operation, protocol, body),
    version: random.pick(["HTTP/1.1", "HTTP/2"]),
  });
  switch (random.below(10)) {
    case 0:
      return { operation, request: make(random.bytes(random.below(200))) };
    case 1:
    case 2:
      return { operation, request: make(mutateBytes(random, encodeBody(protocol, input))) };
    case 3:
      return { operation, request: changeEnvelope(random, make(encodeBody(protocol, input))) };
    default:
      return { operation, request: make(encodeBody(protocol, mutate(random, input))) };
  }
}

const OTHER_HEADERS: Readonly<Record<string, readonly string[]>> = {
  "content-type": [
    "text/plain",
    "application/json",
    "application/cbor",
    "application/x-amz-json-1.0",
    ";",
    ...Object.values(CONTENT_TYPES),
  ],
  "x-amz-target": [
    "",
    ".",
    PREFIX,
    "Kinesis_20131202",
    `${PREFIX}PutRecordz`,
    `${PREFIX}__proto__`,
    `${PREFIX}constructor`,
    "DynamoDB_20120810.ListTables",
  ],
  authorization: ["", "AWS4-HMAC-SHA256", "Bearer x", "AWS4- Credential=a/b, SignedHeaders=h, Signature=s"],
  "content-encoding": ["gzip", "br", "x"],
  "x-unknown": ["", "\u00ff".repeat(100)],
};
const PATHS = ["/?X-Amz-Algorithm", "//", "/%", "/a/../b?c=%zz", "/?&&&="];

function changeEnvelope(random: Random, request: RawRequest): RawRequest {
  const { headers } = request;
  const name = random.pick(Object.keys(OTHER_HEADERS));
  switch (random.below(5)) {
    case 0:
      return { ...request, method: random.pick(["GET", "PUT", "DELETE", "OPTIONS", "PATCH"]), body: Buffer.alloc(0) };
    case 1:
      return { ...request, path: random.pick(PATHS) };
    case 2:
      return { ...request, headers: Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name)) };
    default:
      return { ...request, headers: { ...headers, [name]: random.pick(OTHER_HEADERS[name] ?? []) } };
  }
}
