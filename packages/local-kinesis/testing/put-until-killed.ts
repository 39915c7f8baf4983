import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { startLocalKinesis } from "../src/index.ts";

/**
 * A process that puts numbered records until it is killed, and prints a line for each that was confirmed: shard,
 * sequence number, number. Arguments: directory, stream.
 */
const [directory = "", streamName = ""] = process.argv.slice(2);
const kinesis = await startLocalKinesis({ directory, port: 0, limits: false });
const client = new KinesisClient({
  endpoint: kinesis.url,
  region: "eu-west-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

let next = 0;
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) {
      const numbers = Array.from({ length: 50 }, () => next++);
      const { Records = [] } = await client.send(
        new PutRecordsCommand({
          StreamName: streamName,
          Records: numbers.map((number) => ({ PartitionKey: `key-${number}`, Data: Buffer.from(String(number)) })),
        }),
      );
      const lines = Records.map(
        ({ ShardId, SequenceNumber }, index) => `${ShardId} ${SequenceNumber} ${numbers[index]}`,
      );
      process.stdout.write(`${lines.join("\n")}\n`);
    }
  }),
);
