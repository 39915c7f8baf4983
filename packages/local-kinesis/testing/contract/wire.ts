import { connect } from "node:http2";
import type { ClientHttp2Session, IncomingHttpHeaders } from "node:http2";
import { gzipSync } from "node:zlib";
import { Decoder, Encoder } from "cbor-x";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import { FIRST_SHARD, put, read } from "./records.ts";
import type { RawAnswer, RawRequest, Target } from "./target.ts";

const RECORDED = "kinesalite test/connection.js";
const JSON_TYPE = "application/x-amz-json-1.1";
const CBOR_TYPE = "application/x-amz-cbor-1.1";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const encoder = new Encoder({ useRecords: false, tagUint8Array: false });
/** `int64AsNumber` is an option of cbor-x's decoder that its types lack. */
const decodeOptions = { useRecords: false, mapsAsObjects: true, int64AsNumber: true };
const decoder = new Decoder(decodeOptions);
type CborBody = Readonly<Record<string, unknown>>;

/** Calls an operation as AWS's Java clients do. */
async function callCbor(target: Target, operation: string, input: object) {
  const headers = { "content-type": CBOR_TYPE };
  const answer = await target.raw({ operation, headers, body: new Uint8Array(encoder.encode(input)) });
  const body = answer.body.length === 0 ? {} : (decoder.decode(answer.body) as CborBody);
  return { ...answer, decoded: body };
}

async function readCbor(target: Target, StreamName: string) {
  const input = { StreamName, ShardId: FIRST_SHARD, ShardIteratorType: "TRIM_HORIZON" };
  const { decoded } = await callCbor(target, "GetShardIterator", input);
  return callCbor(target, "GetRecords", { ShardIterator: decoded.ShardIterator });
}

/** Asks for the streams there are, so with nothing else wrong the answer is 200. */
async function expectError(
  target: Target,
  request: Partial<RawRequest>,
  type: string,
  message: unknown,
  status = 400,
): Promise<void> {
  const answer = await target.raw({ operation: "ListStreams", body: {}, ...request });
  const body: unknown = JSON.parse(answer.body.toString());
  expect({ request, status: answer.status, type: answer.headers["content-type"], body }).toEqual({
    request,
    status,
    type: JSON_TYPE,
    body: { __type: type, ...(message as object) },
  });
}

/** One request over HTTP/2, in a session of many. */
function callHttp2(session: ClientHttp2Session, operation: string, input: object) {
  return new Promise<{ readonly headers: IncomingHttpHeaders; readonly body: unknown }>((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": "/",
      "content-type": JSON_TYPE,
      "x-amz-target": `Kinesis_20131202.${operation}`,
      "x-amz-date": "20260101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=00",
    });
    const chunks: Buffer[] = [];
    let headers: IncomingHttpHeaders = {};
    stream.on("response", (received) => (headers = received));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => resolve({ headers, body: JSON.parse(Buffer.concat(chunks).toString()) }));
    stream.on("error", reject);
    stream.end(JSON.stringify(input));
  });
}

function expectIds({ headers }: Pick<RawAnswer, "headers">): void {
  expect(headers["x-amzn-requestid"]).toMatch(UUID);
  const extended = Buffer.from(String(headers["x-amz-id-2"]), "base64").length;
  expect(extended >= 64 && extended <= 80, `${extended} bytes`).toBe(true);
  expect(Number.isNaN(Date.parse(String(headers.date)))).toBe(false);
}

/** Protocols, headers, and what is answered to what is no request for an operation. */
export const wire: Contract = {
  about: "The wire",
  cases: [
    {
      title:
        "JSON 1.1: every answer bears its type, its length, a date and two ids, whether it succeeds, fails or is empty",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const answers = [
          await target.raw({ operation: "ListStreams", body: {} }),
          await target.raw({ operation: "DescribeStream", body: { StreamName: "none" } }),
          await target.raw({ operation: "CreateStream", body: { StreamName: "s", ShardCount: 1 } }),
        ];
        expect(answers.map(({ status }) => status)).toEqual([200, 400, 200]);
        for (const answer of answers) {
          expectIds(answer);
          expect(answer.headers["content-type"]).toBe(JSON_TYPE);
          expect(answer.headers["content-length"]).toBe(String(answer.body.length));
        }
        expect(new Set(answers.map(({ headers }) => headers["x-amzn-requestid"])).size).toBe(3);
      },
    },
    {
      title: "CBOR 1.1: bytes are byte strings, times are tag 1 with whole milliseconds, both ways",
      fidelity: "exact",
      note: "AWS SDK for Java 2, AwsCborProtocolFactory",
      async run(target) {
        const StreamName = await target.createStream();
        const data = Buffer.from([0, 255]);
        const stored = await callCbor(target, "PutRecord", { StreamName, PartitionKey: "k", Data: data });
        expect(stored.headers["content-type"]).toBe(CBOR_TYPE);
        expectIds(stored);
        const many = await callCbor(target, "PutRecords", {
          StreamName,
          Records: [{ PartitionKey: "k", Data: Buffer.from("x") }],
        });
        expect(many.decoded).toMatchObject({ FailedRecordCount: 0, Records: [{ ShardId: FIRST_SHARD }] });
        const { body, decoded } = await readCbor(target, StreamName);
        const records = decoded.Records as readonly { readonly Data: Buffer; readonly SequenceNumber: string }[];
        expect(records.map(({ Data }) => Buffer.from(Data).toString("hex"))).toEqual(["00ff", "78"]);
        expect(records[0]?.SequenceNumber).toBe(stored.decoded.SequenceNumber);
        const milliseconds = Buffer.alloc(8);
        milliseconds.writeBigUInt64BE(BigInt(target.clock.now()));
        expect(body.toString("hex")).toContain(`c11b${milliseconds.toString("hex")}`);

        await target.clock.advance(60_000);
        await put(target, StreamName, ["later"]);
        // {"ShardIteratorType": "AT_TIMESTAMP", …, "Timestamp": tag 1 (milliseconds as u64)}
        const later = Buffer.alloc(8);
        later.writeBigUInt64BE(BigInt(target.clock.now()));
        const input = encoder.encode({
          StreamName,
          ShardId: FIRST_SHARD,
          ShardIteratorType: "AT_TIMESTAMP",
          Timestamp: 0,
        });
        const asked = Buffer.concat([input.subarray(0, -1), Buffer.from("c11b", "hex"), later]);
        const at = await target.raw({
          operation: "GetShardIterator",
          headers: { "content-type": CBOR_TYPE },
          body: asked,
        });
        const { ShardIterator } = decoder.decode(at.body) as { readonly ShardIterator: string };
        const page = await callCbor(target, "GetRecords", { ShardIterator });
        expect((page.decoded.Records as readonly object[]).length).toBe(1);
      },
    },
    {
      title: "CBOR 1.1: errors are in CBOR too",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const failed = await callCbor(target, "DescribeStream", { StreamName: "none" });
        expect([failed.status, failed.headers["content-type"]]).toEqual([400, CBOR_TYPE]);
        expect(failed.decoded).toEqual({
          __type: "ResourceNotFoundException",
          message: `Stream none under account ${target.accountId} not found.`,
        });
        const refused = await callCbor(target, "DescribeStream", { StreamName: 5 });
        expect(refused.decoded).toMatchObject({ __type: "SerializationException", Message: expect.any(String) });
      },
    },
    {
      title: "what is put in one protocol is read in the other, byte for byte",
      fidelity: "exact",
      note: "Kinesis API reference, Record",
      async run(target) {
        const StreamName = await target.createStream();
        const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
        await callCbor(target, "PutRecord", { StreamName, PartitionKey: "ü", Data: every });
        const page = await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" });
        expect(page.Records?.map(({ PartitionKey, Data }) => [PartitionKey, Buffer.from(Data ?? [])])).toEqual([
          ["ü", every],
        ]);
        await put(target, StreamName, ["text"]);
        const { decoded } = await readCbor(target, StreamName);
        expect((decoded.Records as readonly { readonly Data: Buffer }[])[1]?.Data.toString()).toBe("text");
      },
    },
    {
      title: "HTTP/1.1 and HTTP/2 are spoken on one port, without TLS",
      fidelity: "different",
      note: "AWS speaks TLS, by which the version is negotiated; here HTTP/2 is by prior knowledge",
      async run(target) {
        const session = connect(target.kinesis.url);
        const names = Array.from({ length: 20 }, (_, index) => `s${String(index).padStart(2, "0")}`);
        try {
          for (const name of names) await target.createStream({ name });
          const answers = await Promise.all(
            names.map((StreamName) => callHttp2(session, "DescribeStreamSummary", { StreamName })),
          );
          answers.forEach(({ headers, body }, index) => {
            expectIds({ headers });
            expect(body).toMatchObject({ StreamDescriptionSummary: { StreamName: names[index] } });
          });
          const { headers, body } = await callHttp2(session, "DescribeStreamSummary", { StreamName: "none" });
          expect([headers[":status"], headers["content-type"], body]).toMatchObject([
            400,
            JSON_TYPE,
            { __type: "ResourceNotFoundException" },
          ]);
        } finally {
          session.close();
        }
      },
    },
    {
      title: "a request may come in gzip",
      fidelity: "close",
      note: "no document says whether Kinesis takes Content-Encoding: gzip",
      async run(target) {
        const StreamName = await target.createStream();
        const body = gzipSync(JSON.stringify({ StreamName, PartitionKey: "k", Data: "emlwcGVk" }));
        const answer = await target.raw({ operation: "PutRecord", headers: { "content-encoding": "gzip" }, body });
        expect(answer.status).toBe(200);
        expect((await read(target, { StreamName, ShardIteratorType: "TRIM_HORIZON" })).texts).toEqual(["zipped"]);
      },
    },
    {
      title: "an operation or a service that is unknown is UnknownOperationException, with a text",
      fidelity: "different",
      note: "AWS sends the type alone (kinesalite test/connection.js)",
      async run(target) {
        const text = { message: expect.any(String) };
        for (const name of ["Kinesis_20131202.Whatever", "Whatever.Whatever", "Whatever", "Kinesis_20131202."]) {
          await expectError(target, { headers: { "x-amz-target": name } }, "UnknownOperationException", text);
        }
        await expectError(target, { headers: { "x-amz-target": undefined } }, "UnknownOperationException", text);
      },
    },
    {
      title: "a body that is none of its protocol is SerializationException, with a text",
      fidelity: "different",
      note: "AWS sends the type alone (kinesalite test/connection.js)",
      async run(target) {
        for (const body of ["hello", "", "[]", '{"Limit":', "5"]) {
          await expectError(target, { body }, "SerializationException", { message: expect.any(String) });
        }
      },
    },
    {
      title: "a signature that is missing, incomplete or doubled is refused in AWS's words",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const without = (headers: RawRequest["headers"]) => ({
          headers: { authorization: undefined, "x-amz-date": undefined, ...headers },
        });
        await expectError(target, without({}), "MissingAuthenticationTokenException", {
          message: "Missing Authentication Token",
        });
        await expectError(target, without({ authorization: "X" }), "IncompleteSignatureException", {
          message:
            "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
            "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a " +
            "'X-Amz-Date' or a 'Date' header. Authorization=X",
        });
        await expectError(target, { ...without({}), path: "/?X-Amz-Algorithm" }, "IncompleteSignatureException", {
          message:
            "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include " +
            "'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters " +
            "must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the " +
            "query-string parameters.",
        });
        await expectError(target, { path: "/?X-Amz-Algorithm" }, "InvalidSignatureException", {
          message: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
        });
      },
    },
    {
      title: "a signature that is well-formed is taken, whoever signed",
      fidelity: "different",
      note: "AWS verifies it, its date and who may do what",
      async run(target) {
        const authorization =
          "AWS4-HMAC-SHA256 Credential=AKIDANYBODY/20010101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=ff";
        const answer = await target.raw({ operation: "ListStreams", headers: { authorization }, body: {} });
        expect(answer.status).toBe(200);
      },
    },
    {
      title: "what is no POST, or of no content type AWS knows, is refused in XML, and application/json in an envelope",
      fidelity: "exact",
      note: RECORDED,
      async run(target) {
        const send = async (request: RawRequest) => {
          const answer = await target.raw(request);
          expectIds(answer);
          return [answer.status, answer.headers["content-type"], answer.body.toString()];
        };
        const denied =
          "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n" +
          "</AccessDeniedException>\n";
        for (const method of ["GET", "PUT", "DELETE"]) {
          expect(await send({ method, headers: { "content-type": undefined } })).toEqual([403, undefined, denied]);
        }
        expect(await send({ headers: { "content-type": undefined }, body: "{}" })).toEqual([403, undefined, denied]);
        expect(await send({ operation: "ListStreams", headers: { "content-type": "text/plain" }, body: "{}" })).toEqual(
          [404, undefined, "<UnknownOperationException/>\n"],
        );
        const enveloped = await send({
          operation: "ListStreams",
          headers: { "content-type": "application/json" },
          body: "{}",
        });
        expect(enveloped).toEqual([
          404,
          "application/json",
          '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}',
        ]);
      },
    },
    {
      title: "a web page is refused with status 403",
      fidelity: "different",
      note: "AWS allows pages of any origin; here a page that somebody else made could reach the endpoint of a developer",
      async run(target) {
        for (const headers of [{ origin: "https://evil.example" }, { host: "evil.example" }]) {
          await expectError(
            target,
            { headers },
            "AccessDeniedException",
            { message: expect.stringContaining("answers programs on this machine only") },
            403,
          );
        }
      },
    },
  ],
};
