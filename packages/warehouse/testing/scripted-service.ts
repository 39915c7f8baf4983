import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";

/** One call that reached the scripted service. */
export interface Received {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** Answers with a body, with an AWS error (`[status, type, message]`), or `"drop"`s the connection after taking the call. */
export type Answer = object | string;
export type Script = (received: Received, calls: readonly Received[]) => Answer | Promise<Answer>;

/** A Data API whose answers a test writes itself, on a loopback port, with an unmodified SDK client for it. The body is JSON text or an object. */
export async function startScriptedService(): Promise<{
  readonly client: RedshiftDataClient;
  readonly calls: Received[];
  /** Sets how calls are answered from now on and forgets those seen so far. */
  play(script: Script): void;
  close(): Promise<void>;
}> {
  const calls: Received[] = [];
  let script: Script = () => {
    throw new Error("the test set no script");
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const operation = String(request.headers["x-amz-target"]).replace("RedshiftData.", "");
      const received = { operation, input: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown> };
      calls.push(received);
      void Promise.resolve(script(received, calls)).then((answer) => {
        if (answer === "drop") return request.socket.destroy();
        response.setHeader("content-type", "application/x-amz-json-1.1");
        if (!Array.isArray(answer)) return response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
        const [status, type, message] = answer as [number, string, string];
        response.statusCode = status;
        return response.end(JSON.stringify({ __type: type, Message: message }));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new RedshiftDataClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  return {
    client,
    calls,
    play(next) {
      calls.length = 0;
      script = next;
    },
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
