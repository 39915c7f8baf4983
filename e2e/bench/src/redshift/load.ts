import { setTimeout as sleep } from "node:timers/promises";
import { putRecordsBody } from "../kinesis/payloads.ts";
import { openRawConnection, prepareRequest } from "../kinesis/raw-connection.ts";
import type { RawConnection } from "../kinesis/raw-connection.ts";
import type { CloudUnderTest } from "./cloud-under-test.ts";
import { makeEventBatches } from "./events.ts";
import type { Form } from "./events.ts";

/** PutRecords a second, as long as no call takes more records than there may be. */
const CALLS_PER_SECOND = 100;
/** Most calls under way; when they are all, the load waits and says so by its rate. */
const MOST_CALLS = 32;

/** What a load sent. */
export interface Sent {
  readonly events: number;
  readonly records: number;
  readonly seconds: number;
}

/**
 * Sends events at a steady rate until `count` are confirmed. What is sent was prepared before, over kept connections, so that the generator takes
 * little of the cores it shares with the server. Throws when the server refuses a record.
 */
export async function sendSteadily(
  { process, streamName }: CloudUnderTest,
  load: { readonly form: Form; readonly ratePerSecond: number; readonly count: number },
): Promise<Sent> {
  const { form, ratePerSecond, count } = load;
  const eventsPerCall = Math.min(form === "single" ? 500 : 50_000, Math.ceil(ratePerSecond / CALLS_PER_SECOND));
  const batches = makeEventBatches(form, eventsPerCall);
  const requests = batches.map((batch) => prepareRequest(process.url, "PutRecords", putRecordsBody(streamName, batch)));
  const recordsPerCall = batches[0]?.length ?? 0;
  const calls = Math.ceil(count / eventsPerCall);
  const idle: RawConnection[] = await Promise.all(
    Array.from({ length: Math.min(MOST_CALLS, calls) }, () => openRawConnection(process.url)),
  );
  const connections = [...idle];
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  for (let call = 0; call < calls; call++) {
    const dueAt = startedAt + (call * eventsPerCall * 1_000) / ratePerSecond;
    const early = dueAt - performance.now();
    if (early > 0) await sleep(early);
    while (idle.length === 0) await Promise.race(underWay);
    const connection = await takeOpen(idle, connections, process.url);
    const sending = send(connection, requests[call % requests.length] as Buffer).then(() => {
      underWay.delete(sending);
      idle.push(connection);
    });
    underWay.add(sending);
  }
  await Promise.all(underWay);
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const connection of connections) connection.close();
  return { events: calls * eventsPerCall, records: calls * recordsPerCall, seconds };
}

/** A connection that waits for work; one that the server has closed meanwhile is opened anew. */
async function takeOpen(idle: RawConnection[], all: RawConnection[], url: string): Promise<RawConnection> {
  const connection = idle.pop() as RawConnection;
  if (connection.isOpen()) return connection;
  const opened = await openRawConnection(url);
  all[all.indexOf(connection)] = opened;
  return opened;
}

async function send(connection: RawConnection, request: Buffer): Promise<void> {
  const { status, chunks } = await connection.send(request);
  if (status !== 200 || !chunks[0]?.includes('"FailedRecordCount":0'))
    throw new Error(`records were refused, status ${status}`);
}
