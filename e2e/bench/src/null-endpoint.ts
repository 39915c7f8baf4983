import { createServer } from "node:http2";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** A Kinesis that answers every PutRecords at once and keeps nothing: what the client side alone can do. */
export async function startNullEndpoint(): Promise<{ url: string; close(): void }> {
  const answers = new Map<number, Buffer>();
  const server = createServer();
  server.on("stream", (stream) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const count = countRecords(Buffer.concat(chunks));
      stream.respond({ ":status": 200, "content-type": "application/x-amz-json-1.1" });
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
      stream.end(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

function countRecords(body: Buffer): number {
  const key = '"PartitionKey"';
  let count = 0;
  for (let at = body.indexOf(key); at >= 0; at = body.indexOf(key, at + key.length)) count++;
  return count;
}
