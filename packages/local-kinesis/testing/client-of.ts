import { KinesisClient, type KinesisClientConfig } from "@aws-sdk/client-kinesis";

/** A client of a local Kinesis, as an SDK is without further settings. */
export function clientOf(endpoint: string, settings: Omit<KinesisClientConfig, "endpoint"> = {}): KinesisClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new KinesisClient({ endpoint, region: "eu-west-1", credentials, ...settings });
}
