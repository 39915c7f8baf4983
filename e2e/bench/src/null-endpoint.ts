import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import type { Readable } from "node:stream";

/** What a null endpoint answers. */
export interface NullAnswers {
  /** Records that every PutRecords is taken to hold; its body is then not looked at. Without it they are counted. */
  readonly recordsPerPut?: number;
  /** What GetRecords answers for a shard iterator. Default: no records. */
  readonly page?: (shardIterator: string) => Buffer | undefined;
}

/** A running null endpoint: the same answers on a port of each HTTP version. */
export interface NullEndpoint {
  readonly url: string;
  /** Takes HTTP/2 with prior knowledge. */
  readonly http2Url: string;
  close(): void;
}

/** As long as those of AWS. */
const SEQUENCE_NUMBER = "49600000000000000000000000000000000000000000000000000000";
const SHARD_ID = "shardId-000000000000";
const CONTENT_TYPE = "application/x-amz-json-1.1";

/** A Kinesis that reads every request to its end, answers PutRecords, PutRecord and GetRecords at once and keeps nothing: what the client side alone can do. */
export async function startNullEndpoint(answers: NullAnswers = {}): Promise<NullEndpoint> {
  const answer = createAnswer(answers);
  const http1 = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    readBody(request, (chunks) => {
      const body = answer(request.headers, chunks);
      response.writeHead(200, { "content-type": CONTENT_TYPE, "content-length": body.length });
      response.end(body);
    });
  });
  const http2 = createHttp2Server();
  http2.on("stream", (stream, headers) => {
    readBody(stream, (chunks) => {
      stream.respond({ ":status": 200, "content-type": CONTENT_TYPE });
      stream.end(answer(headers, chunks));
    });
  });
  const url = await listen(http1);
  const http2Url = await listen(http2);
  return {
    url,
    http2Url,
    close() {
      http1.close().closeAllConnections();
      http2.close();
    },
  };
}

function readBody(stream: Readable, done: (chunks: readonly Buffer[]) => void): void {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => done(chunks));
}

function createAnswer({ recordsPerPut, page }: NullAnswers) {
  const record = { SequenceNumber: SEQUENCE_NUMBER, ShardId: SHARD_ID };
  const one = Buffer.from(JSON.stringify(record));
  const none = Buffer.from(JSON.stringify({ MillisBehindLatest: 0, NextShardIterator: "none", Records: [] }));
  const byCount = new Map<number, Buffer>();
  return (headers: IncomingHttpHeaders, chunks: readonly Buffer[]): Buffer => {
    const target = headers["x-amz-target"];
    if (target === "Kinesis_20131202.PutRecord") return one;
    if (target === "Kinesis_20131202.GetRecords") {
      const iterator = /"ShardIterator":"([^"]*)"/.exec(Buffer.concat(chunks).toString())?.[1];
      return page?.(iterator ?? "") ?? none;
    }
    const count = recordsPerPut ?? countRecords(Buffer.concat(chunks));
    let answer = byCount.get(count);
    if (!answer) {
      answer = Buffer.from(
        JSON.stringify({ FailedRecordCount: 0, Records: Array.from({ length: count }, () => record) }),
      );
      byCount.set(count, answer);
    }
    return answer;
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function countRecords(body: Buffer): number {
  const key = '"PartitionKey"';
  let count = 0;
  for (let at = body.indexOf(key); at >= 0; at = body.indexOf(key, at + key.length)) count++;
  return count;
}
