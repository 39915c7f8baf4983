import { once } from "node:events";
import { connect } from "node:net";

/** What came back. */
export interface RawAnswer {
  readonly status: number;
  /** The body, as it arrived. */
  readonly chunks: readonly Buffer[];
}

/** A kept HTTP/1.1 connection that does as little as a client can: it sends prepared bytes and finds the end of the answer. */
export interface RawConnection {
  /** Sends one request of {@link prepareRequest} and resolves with its answer; one at a time. Rejects when the connection breaks, or has been closed. */
  send(request: Buffer): Promise<RawAnswer>;
  /** The server has not closed it while it was idle. */
  isOpen(): boolean;
  close(): void;
}

/** A signed-looking request for an operation, head and body. Neither endpoint checks the signature. */
export function prepareRequest(url: string, operation: string, body: string): Buffer {
  const head = [
    "POST / HTTP/1.1",
    `host: ${new URL(url).host}`,
    "content-type: application/x-amz-json-1.1",
    `x-amz-target: Kinesis_20131202.${operation}`,
    "x-amz-date: 20260101T000000Z",
    "authorization: AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/kinesis/aws4_request, " +
      `SignedHeaders=host;x-amz-date;x-amz-target, Signature=${"0".repeat(64)}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** Connects. A connection that breaks, or an answer without a length, rejects what is under way. */
export async function openRawConnection(url: string): Promise<RawConnection> {
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), noDelay: true });
  await once(socket, "connect");
  let waiting: PromiseWithResolvers<RawAnswer> | undefined;
  let head: Buffer | undefined;
  let status = 0;
  let missing = 0;
  let chunks: Buffer[] = [];

  const fail = (error: Error): void => {
    waiting?.reject(error);
    waiting = undefined;
    socket.destroy();
  };
  const take = (chunk: Buffer): void => {
    chunks.push(chunk);
    missing -= chunk.length;
    if (missing > 0) return;
    const answered = waiting;
    waiting = undefined;
    answered?.resolve({ status, chunks });
  };
  socket.on("data", (data: Buffer) => {
    if (missing > 0) return take(data);
    head = head ? Buffer.concat([head, data]) : data;
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const text = head.toString("latin1", 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
    if (length === undefined) return fail(new Error("the answer does not say its length"));
    status = Number(text.slice(9, 12));
    missing = Number(length);
    chunks = [];
    const rest = head.subarray(end + 4);
    head = undefined;
    take(rest);
  });
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the connection was closed")));

  return {
    send(request) {
      if (!socket.writable) return Promise.reject(new Error("the connection was closed while it was idle"));
      waiting = Promise.withResolvers<RawAnswer>();
      socket.write(request);
      return waiting.promise;
    },
    isOpen: () => socket.writable,
    close: () => void socket.destroy(),
  };
}
