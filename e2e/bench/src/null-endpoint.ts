import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** A Kinesis that answers every PutRecords at once and keeps nothing: what the client side alone can do. */
export async function startNullEndpoint(): Promise<{ url: string; close(): void }> {
  const answers = new Map<number, Buffer>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const count = countRecords(Buffer.concat(chunks));
      let answer = answers.get(count);
      if (!answer) {
        const record = {
          SequenceNumber: "49600000000000000000000000000000000000000000000000000000",
          ShardId: "shardId-000000000000",
        };
        answer = Buffer.from(
          JSON.stringify({ FailedRecordCount: 0, Records: Array.from({ length: count }, () => record) }),
        );
        answers.set(count, answer);
      }
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1", "content-length": answer.length });
      response.end(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close().closeAllConnections(),
  };
}

function countRecords(body: Buffer): number {
  const key = '"PartitionKey"';
  let count = 0;
  for (let at = body.indexOf(key); at >= 0; at = body.indexOf(key, at + key.length)) count++;
  return count;
}
