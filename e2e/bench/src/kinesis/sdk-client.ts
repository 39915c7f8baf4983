import { KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";

/** The unmodified SDK with its defaults, which for Kinesis are HTTP/2 with a connection a call, or with its HTTP/1.1 handler, which keeps connections. */
export function createSdkClient(url: string, http: "1.1" | "2"): KinesisClient {
  return new KinesisClient({
    endpoint: url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    ...(http === "1.1" ? { requestHandler: new NodeHttpHandler() } : {}),
  });
}
