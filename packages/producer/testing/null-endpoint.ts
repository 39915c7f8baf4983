import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A PutRecords endpoint on loopback that stores nothing: it answers each call with success, or with what `answer` makes of it. */
export interface NullEndpoint {
  readonly url: string;
  readonly callCount: () => number;
  close(): Promise<void>;
}

/** A wire-level answer: status, body and error type; undefined drops the connection. */
export type WireAnswer = { readonly status: number; readonly body: string } | undefined;

export async function startNullEndpoint(
  answer: (records: number, call: number) => WireAnswer = answerSuccess,
): Promise<NullEndpoint> {
  let calls = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => reply(response, answer(countRecords(Buffer.concat(chunks)), ++calls)));
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callCount: () => calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function reply(response: ServerResponse, answer: WireAnswer): void {
  if (answer === undefined) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" });
  response.end(answer.body);
}

const bodies = new Map<number, string>();

/** Success for that many records; bodies are kept, because making them would be measured too. */
export function answerSuccess(records: number): WireAnswer {
  const known = bodies.get(records);
  if (known !== undefined) return { status: 200, body: known };
  const entries = Array.from({ length: records }, (_, index) => ({
    SequenceNumber: String(49_600_000_000_000_000_000_000n + BigInt(index)),
    ShardId: "shardId-000000000000",
  }));
  const body = JSON.stringify({ FailedRecordCount: 0, Records: entries });
  bodies.set(records, body);
  return { status: 200, body };
}

function countRecords(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf('"PartitionKey"'); at >= 0; at = body.indexOf('"PartitionKey"', at + 1)) count++;
  return count;
}
