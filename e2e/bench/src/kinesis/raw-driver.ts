import { advance } from "./driver.ts";
import type { Driver } from "./driver.ts";
import { RECORDS_PER_PUT, putRecordBody, putRecordsBody } from "./payloads.ts";
import type { Entry } from "./payloads.ts";
import { openRawConnection, prepareRequest } from "./raw-connection.ts";
import type { RawAnswer, RawConnection } from "./raw-connection.ts";

/** Drives a server with prepared requests over as many connections as there are calls under way. */
export function createRawDriver(args: {
  readonly url: string;
  readonly streamName: string;
  readonly batches: readonly (readonly Entry[])[];
}): Driver {
  const { url, streamName, batches } = args;
  const puts = batches.map((batch) => prepareRequest(url, "PutRecords", putRecordsBody(streamName, batch)));
  const singles = (batches[0] ?? []).map((entry) => prepareRequest(url, "PutRecord", putRecordBody(streamName, entry)));
  const idle: RawConnection[] = [];
  const all: RawConnection[] = [];
  let turn = 0;

  const send = async (request: Buffer): Promise<RawAnswer> => {
    let connection = idle.pop();
    while (connection && !connection.isOpen()) connection = idle.pop();
    if (!connection) all.push((connection = await openRawConnection(url)));
    const answer = await connection.send(request);
    idle.push(connection);
    if (answer.status !== 200) throw new Error(`status ${answer.status}: ${Buffer.concat(answer.chunks).toString()}`);
    return answer;
  };

  return {
    async putRecords() {
      const { chunks } = await send(puts[turn++ % puts.length] as Buffer);
      if (!chunks[0]?.includes('"FailedRecordCount":0')) throw new Error("records were refused");
      return RECORDS_PER_PUT;
    },
    async putRecord() {
      await send(singles[turn++ % singles.length] as Buffer);
      return 1;
    },
    async getRecords(reading) {
      const body = JSON.stringify({ ShardIterator: reading.next });
      const { chunks } = await send(prepareRequest(url, "GetRecords", body));
      const page = Buffer.concat(chunks);
      const records = countOf(page, '"SequenceNumber":');
      advance(reading, records, textAfter(page, '"NextShardIterator":"'));
      return records;
    },
    close() {
      for (const connection of all) connection.close();
    },
  };
}

function countOf(page: Buffer, name: string): number {
  let count = 0;
  for (let at = page.indexOf(name); at >= 0; at = page.indexOf(name, at + name.length)) count++;
  return count;
}

function textAfter(page: Buffer, name: string): string | undefined {
  const at = page.indexOf(name);
  if (at < 0) return undefined;
  return page.toString("latin1", at + name.length, page.indexOf('"', at + name.length));
}
