import { once } from "node:events";
import { connect } from "node:net";
import { startWireServer } from "@millrace/local-wire";
import type { WireServer } from "@millrace/local-wire";
import { createRandom } from "@millrace/local-wire/testing/random";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestAccount } from "../testing/fuzz/account.ts";
import type { TestAccount } from "../testing/fuzz/account.ts";
import { badRequest, signedRequest } from "../testing/fuzz/bad-request.ts";
import { CONTENT_TYPES, decodeBody, encodeBody } from "../testing/fuzz/bodies.ts";
import { createSender, findFault } from "../testing/fuzz/sender.ts";
import type { RawAnswer, RawRequest } from "../testing/fuzz/sender.ts";
import { validInputs } from "../testing/fuzz/valid-inputs.ts";
import type { Account } from "../testing/fuzz/valid-inputs.ts";
import { createHeldClock } from "../testing/held-clock.ts";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { openKinesis } from "./kinesis.ts";
import type { Kinesis } from "./kinesis.ts";
import { OPERATIONS } from "./service.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let kinesis: Kinesis;
let server: WireServer;
let testAccount: TestAccount;
let account: Account;
let sender: ReturnType<typeof createSender>;
const lines: string[] = [];
const log = (line: string): void => void lines.push(line);

beforeAll(async () => {
  directory = await makeTemporaryDirectory();
  const clock = createHeldClock();
  kinesis = await openKinesis({ directory: directory.path, clock, stateDelayMs: 0, limits: false, log });
  server = await startWireServer({ services: [kinesis.service], port: 0, log });
  sender = createSender(server.port);
  testAccount = createTestAccount(kinesis);
  account = await testAccount.make();
});

afterAll(async () => {
  sender.close();
  await server.close();
  await kinesis.close();
  await directory.remove();
});

afterEach(() => expect(lines).toEqual([]));

describe("a bad request changes nothing:", () => {
  let before: string;
  const RECORDS = 3;
  const input = (data = Buffer.from("new")) => ({
    StreamName: account.streamName,
    Records: Array.from({ length: RECORDS }, () => ({ PartitionKey: "k", Data: data })),
  });
  const put = (protocol: "json" | "cbor", value: unknown = input()) =>
    signedRequest("PutRecords", protocol, encodeBody(protocol, value));
  const typeOf = ({ contentType, body }: RawAnswer) => (decodeBody(contentType, body) as { __type: string }).__type;
  /** That it is refused, with what. */
  const refusal = async (request: RawRequest) => {
    const answer = await sender.send(request);
    expect(answer.status).not.toBe(200);
    expect(findFault(answer)).toBeUndefined();
    return answer;
  };

  beforeEach(async () => void (before = await testAccount.snapshot()));
  afterEach(async () => {
    expect(await testAccount.snapshot()).toBe(before);
    expect((await sender.send(signedRequest("ListStreams", "json", Buffer.from("{}")))).status).toBe(200);
  });

  describe.each(["json", "cbor"] as const)("in %s", (protocol) => {
    it("a body cut short anywhere", async () => {
      const { headers, body, ...request } = put(protocol);
      for (let length = 0; length < body.length; length += 1) {
        const answer = await refusal({ ...request, headers, body: body.subarray(0, length) });
        expect(typeOf(answer)).toBe("SerializationException");
      }
    });

    it("a target that there is not", async () => {
      const { headers, ...request } = put(protocol);
      for (const target of [
        "Kinesis_20131202.PutRecordz",
        "Kinesis_20131202.",
        "Kinesis_2.PutRecords",
        "PutRecords",
        "",
      ]) {
        const answer = await refusal({ ...request, headers: { ...headers, "x-amz-target": target } });
        expect([answer.status, typeOf(answer)]).toEqual([400, "UnknownOperationException"]);
      }
    });

    it("records, and requests, that are too large or too many", async () => {
      const tooLarge = await refusal(put(protocol, input(Buffer.alloc(1024 * 1024))));
      expect([tooLarge.status, typeOf(tooLarge)]).toEqual([400, "ValidationException"]);
      const records = (count: number, bytes: number) => ({
        StreamName: account.streamName,
        Records: Array.from({ length: count }, () => ({ PartitionKey: "k", Data: Buffer.alloc(bytes) })),
      });
      expect(typeOf(await refusal(put(protocol, records(501, 1))))).toBe("ValidationException");
      expect(typeOf(await refusal(put(protocol, records(11, 1_000_000))))).toBe("InvalidArgumentException");
      const answer = await refusal(put(protocol, records(17, 1_040_000)));
      expect([answer.status, typeOf(answer)]).toEqual([413, "RequestEntityTooLargeException"]);
    });

    it("depth, within what is asked for and beside it", async () => {
      for (const name of ["Records", "Unknown"]) {
        const nested = encodeBody(protocol, { ...input(), [name]: "HERE" }).toString("latin1");
        const [open, close] = protocol === "json" ? ["[", "]"] : ["\x81", ""];
        const deep = `${open.repeat(100_000)}${protocol === "json" ? "1" : "\x01"}${close.repeat(100_000)}`;
        const body = nested.replace(protocol === "json" ? '"HERE"' : "dHERE", deep);
        const answer = await refusal(signedRequest("PutRecords", protocol, Buffer.from(body, "latin1")));
        expect(typeOf(answer)).toBe("SerializationException");
      }
    });
  });

  it("a content type that is another's", async () => {
    for (const [type, status] of [
      ["text/plain", 404],
      ["application/x-www-form-urlencoded", 404],
      ["application/x-amz-json-1.0", 404],
      ["application/json", 404],
      [CONTENT_TYPES.cbor, 400],
    ] as const) {
      const { headers, ...request } = put("json");
      const answer = await refusal({ ...request, headers: { ...headers, "content-type": type } });
      expect([type, answer.status]).toEqual([type, status]);
    }
    const { headers, ...request } = put("cbor");
    const answer = await refusal({ ...request, headers: { ...headers, "content-type": CONTENT_TYPES.json } });
    expect(typeOf(answer)).toBe("SerializationException");
  });

  /** The bytes of a request, with lines of its own for its length. */
  const bytesOf = ({ headers, body }: RawRequest, ...own: readonly string[]): Buffer => {
    const lines = [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...own];
    return Buffer.concat([Buffer.from(["POST / HTTP/1.1", "host: localhost", ...lines, "", ""].join("\r\n")), body]);
  };
  const sendRaw = async (port: number, bytes: Buffer): Promise<string> => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.on("error", () => {}).on("data", (chunk: Buffer) => (received += chunk.toString("latin1")));
    socket.write(bytes);
    await once(socket, "close");
    return received;
  };

  it("a length that lies", async () => {
    const request = put("json");
    const right = request.body.length;
    for (const own of [
      [`content-length: ${right - 1}`],
      ["content-length: 1"],
      ["content-length: -1"],
      [`content-length: ${right}0000000000000000000000`],
      [`content-length: ${right}`, `content-length: ${right - 1}`],
      [`content-length: ${right}`, "transfer-encoding: chunked"],
      ["transfer-encoding: chunked"],
    ]) {
      expect([own, await sendRaw(server.port, bytesOf(request, ...own))]).toEqual([
        own,
        expect.stringMatching(/^HTTP\/1\.1 400 /),
      ]);
    }
  });

  it("connections that stop half way, which are ended", async () => {
    const options = { services: [kinesis.service], port: 0, log, requestTimeoutMs: 300 };
    const impatient = await startWireServer(options);
    const whole = bytesOf(put("json"), `content-length: ${put("json").body.length}`);
    const tooLong = bytesOf(put("json"), `content-length: ${put("json").body.length + 1}`);
    const cut = Array.from({ length: 50 }, (_, part) => whole.subarray(0, Math.floor((whole.length * part) / 50)));
    const answers = await Promise.all([...cut, tooLong].map((bytes) => sendRaw(impatient.port, bytes)));
    expect(answers.slice(1).map((answer) => answer.slice(0, 12))).toEqual(Array(50).fill("HTTP/1.1 408"));
    await impatient.close();
  });
});

describe("requests that are made at random", () => {
  /** To see a failure again: `MILLRACE_FUZZ_SEED=… npx vitest …`. */
  const SEED = Number(process.env["MILLRACE_FUZZ_SEED"] ?? Date.now() % 2 ** 31);
  const REQUESTS = Number(process.env["MILLRACE_FUZZ_REQUESTS"] ?? 2_500);
  /** After so many changes that were allowed the account is made anew, so that inputs made for it fit. */
  const CHANGES_PER_ACCOUNT = 20;
  /** What they have in common is looked for after so many that changed nothing: to look takes longer than a request. */
  const REQUESTS_PER_CHECK = 4;
  const READS = /^(Describe|Get|List|Subscribe)/;

  it("know a valid input of every operation", () => {
    expect(Object.keys(validInputs(account)).sort()).toEqual([...OPERATIONS.keys()].sort());
  });

  it("are answered or refused, and nothing that is refused or read changes anything", async () => {
    const random = createRandom(SEED);
    const counts = { answered: 0, refused: 0 };
    let inputs = validInputs(account);
    let before = await testAccount.snapshot();
    let unchecked: [RawRequest, RawAnswer | undefined][] = [];
    let changes = 0;
    for (let number = 0; number < REQUESTS; number += 1) {
      const { operation, request } = badRequest(random, inputs);
      let answer: RawAnswer | undefined;
      try {
        answer = await sender.send(request);
        const fault = findFault(answer) ?? lines[0];
        if (fault !== undefined) throw new Error(fault);
        counts[answer.status === 200 ? "answered" : "refused"] += 1;
        if (answer.status === 200 && !READS.test(operation)) {
          changes += 1;
          if (changes % CHANGES_PER_ACCOUNT === 0) inputs = validInputs((account = await testAccount.make()));
          before = await testAccount.snapshot();
          unchecked = [];
          continue;
        }
        unchecked.push([request, answer]);
        if (unchecked.length < REQUESTS_PER_CHECK) continue;
        const after = await testAccount.snapshot();
        if (after !== before) expect(after).toBe(before);
        unchecked = [];
      } catch (error) {
        const exchanges = [...unchecked, [request, answer] as const].map((exchange) => describeExchange(...exchange));
        throw new Error(`seed ${SEED}, request ${number}, the last of\n${exchanges.join("\n")}`, { cause: error });
      }
    }
    // Neither are all of them so bad that nothing within is reached, nor so good that nothing is refused.
    expect(counts.refused).toBeGreaterThan(REQUESTS / 3);
    expect(counts.answered).toBeGreaterThan(REQUESTS / 20);
  }, 120_000);

  function describeExchange(
    { version, method, path, headers, body }: RawRequest,
    answer: RawAnswer | undefined,
  ): string {
    const show = (bytes: Buffer): string => JSON.stringify(bytes.subarray(0, 1000).toString("latin1"));
    const sent = `sent ${version} ${method} ${path} ${JSON.stringify(headers)} ${show(body)}`;
    return `${sent}; got ${answer ? `${answer.status} ${show(answer.body)}` : "nothing"}; log ${lines.join()}`;
  }
});
