import { once } from "node:events";
import { Agent, request as requestHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { decodeBody } from "./bodies.ts";

/** A request by hand, and how it is sent. */
export interface RawRequest {
  readonly version: "HTTP/1.1" | "HTTP/2";
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What came back; of an answer that goes on, how it begins. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

const EVENT_STREAM = "application/vnd.amazon.eventstream";

/** Sends requests to a port, one after the other, over one connection of each HTTP version. */
export function createSender(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let session: ClientHttp2Session | undefined;

  const sendHttp1 = async ({ method, path, headers, body }: RawRequest): Promise<RawAnswer> => {
    const request = requestHttp({ host: "127.0.0.1", port, agent, method, path, headers: { ...headers } });
    request.end(body);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return read(response, response.statusCode, response.headers["content-type"]);
  };
  const sendHttp2 = async ({ method, path, headers, body }: RawRequest): Promise<RawAnswer> => {
    if (!session || session.closed) session = connect(`http://127.0.0.1:${port}`);
    const endStream = body.length === 0;
    const stream = session.request({ ":method": method, ":path": path, ...headers }, { endStream });
    if (!endStream) stream.end(body);
    const [received] = (await once(stream, "response")) as [Record<string, unknown>];
    return read(stream, Number(received[":status"]), received["content-type"] as string | undefined);
  };
  return {
    send: (request: RawRequest) => (request.version === "HTTP/2" ? sendHttp2(request) : sendHttp1(request)),
    close: () => {
      agent.destroy();
      session?.destroy();
    },
  };
}

async function read(
  stream: IncomingMessage | ClientHttp2Stream,
  status = 0,
  contentType: string | undefined,
): Promise<RawAnswer> {
  const goesOn = contentType === EVENT_STREAM;
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (goesOn) stream.destroy();
  });
  await once(stream, goesOn ? "close" : "end");
  return { status, contentType, body: Buffer.concat(chunks) };
}

/** Why a client could not take it for the output of an operation or an error that is its own fault; `undefined` if it can. */
export function findFault({ status, contentType, body }: RawAnswer): string | undefined {
  if (contentType === EVENT_STREAM) return body.length > 0 ? undefined : "an event stream without events";
  const text = body.toString("latin1");
  if (contentType === undefined) {
    const isXml = /^<(\w+Exception)(\/>\n$|>[^]*<\/\1>\n$)/.test(text);
    return status >= 400 && status < 500 && isXml ? undefined : "no error as XML";
  }
  const value = decodeBody(contentType, body);
  if (status === 200) return typeof value === "object" || value === undefined ? undefined : "no structure";
  if (status < 400 || status >= 500) return `status ${status}`;
  return typeof value === "object" && text.includes("Exception") ? undefined : "no error";
}
