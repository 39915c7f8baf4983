import { GetRecordsCommand, PutRecordCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { advance } from "./driver.ts";
import type { Driver } from "./driver.ts";
import type { Entry } from "./payloads.ts";
import { createSdkClient } from "./sdk-client.ts";

/** Drives a server through the AWS SDK. */
export function createSdkDriver(args: {
  readonly url: string;
  readonly http: "1.1" | "2";
  readonly streamName: string;
  readonly batches: readonly (readonly Entry[])[];
}): Driver {
  const { batches, streamName } = args;
  const client = createSdkClient(args.url, args.http);
  const entries = batches.flat();
  let turn = 0;
  return {
    async putRecords() {
      const Records = [...(batches[turn++ % batches.length] ?? [])];
      const answer = await client.send(new PutRecordsCommand({ StreamName: streamName, Records }));
      if (answer.FailedRecordCount) throw new Error(`${answer.FailedRecordCount} records were refused`);
      return answer.Records?.length ?? 0;
    },
    async putRecord() {
      const entry = entries[turn++ % entries.length] as Entry;
      await client.send(new PutRecordCommand({ StreamName: streamName, ...entry }));
      return 1;
    },
    async getRecords(reading) {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator: reading.next }));
      const records = answer.Records?.length ?? 0;
      advance(reading, records, answer.NextShardIterator);
      return records;
    },
    close: () => client.destroy(),
  };
}
