import fc from "fast-check";
import { PassThrough } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { joinEvent, joinEvents } from "../testing/event-factory.ts";
import { createFakeStream, serviceError } from "../testing/fake-stream.ts";
import { createHandClock, type HandClock } from "../testing/hand-clock.ts";
import { createProducer, replay, ReplayInputError, type ReplayOptions, type ReplayProgress } from "./index.ts";
import { maxDetails } from "./replay-tally.ts";

const lines = (count: number): readonly string[] => joinEvents(count).map((event) => JSON.stringify(event));

describe("replay", () => {
  it("accounts for every line", async () => {
    const { run, stream } = setUp();
    const text = [
      ...lines(2),
      "",
      "{broken",
      JSON.stringify(joinEvent({ user: "seven" })),
      JSON.stringify(joinEvent({ event_name: "DANCE" })),
      "[]",
    ];
    const result = await run({ lines: inputOf([Buffer.from(text.join("\n"))]) });
    expect(result).toMatchObject({
      read: 6,
      sent: 2,
      stored: 2,
      rejected: 4,
      failed: 0,
      failedLines: [],
      aborted: false,
    });
    expect(result.rejectedLines.map(({ line, problems }) => [line, ...problems.map(({ rule }) => rule)])).toEqual([
      [4, "not-json"],
      [5, "wrong-type"],
      [6, "unknown-event-name"],
      [7, "not-an-object"],
    ]);
    expect(result.lastSequenceNumbers).toEqual({ "shardId-000000000000": stream.stored.at(-1)?.sequenceNumber });
  });

  it("does not repeat a broken line, which may be private", async () => {
    const { run } = setUp();
    const result = await run({ lines: inputOf(['{"password":"hunter2"']) });
    expect(JSON.stringify(result)).not.toContain("hunter2");
  });

  it("reads gzip", async () => {
    const { run } = setUp();
    const packed = gzipSync(lines(1_000).join("\n"));
    expect(await run({ lines: inputOf([packed]) })).toMatchObject({
      read: 1_000,
      stored: 1_000,
      bytesRead: packed.length,
    });
  });

  it("names the lines that failed, with the cause", async () => {
    const { run } = setUp(createFakeStream(() => serviceError("AccessDeniedException")));
    const result = await run({ lines: inputOf(lines(3)) });
    expect(result).toMatchObject({ read: 3, sent: 3, stored: 0, failed: 3 });
    expect(result.failedLines).toMatchObject(
      [1, 2, 3].map((line) => ({ line, cause: { name: "AccessDeniedException" } })),
    );
  });

  it("adds up whatever the lines are and whatever the stream does", async () => {
    const line = fc.oneof(
      fc.constantFrom(...lines(5)),
      fc.constantFrom("", "{", "null", '{"event_name":"JOIN"}'),
      fc.json(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 200 }),
        fc.array(fc.boolean(), { maxLength: 8 }),
        async (texts, failures) => {
          const { run, stream } = setUp(
            createFakeStream((call) => (failures[call] ? (index) => index % 3 > 0 : undefined)),
          );
          const result = await run({ lines: inputOf(texts) });
          expect(result.read).toBe(texts.filter((text) => text.trim() !== "").length);
          expect(result.read).toBe(result.stored + result.rejected + result.failed);
          expect(result.stored).toBe(stream.stored.length);
          expect(result.rejectedLines).toHaveLength(result.rejected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("keeps counting where it stops keeping details", async () => {
    const { run } = setUp();
    const result = await run({ lines: inputOf(Array<string>(maxDetails + 5).fill("{")) });
    expect(result.rejected).toBe(maxDetails + 5);
    expect(result.rejectedLines).toHaveLength(maxDetails);
  });

  it("holds to the rate", async () => {
    const { run, clock } = setUp();
    await run({ lines: inputOf(lines(500)), rate: 100 });
    expect(clock.now()).toBeGreaterThanOrEqual(4_880);
    expect(clock.now()).toBeLessThanOrEqual(5_100);
  });

  it("reports progress ten times a second at most, and the end", async () => {
    const { run, clock } = setUp();
    const reports: { readonly at: number; readonly progress: ReplayProgress }[] = [];
    await run({
      lines: inputOf(lines(300)),
      rate: 100,
      onProgress: (progress) => reports.push({ at: clock.now(), progress }),
    });
    const gaps = reports.slice(1, -1).map(({ at }, index) => at - (reports[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
    expect(reports.length).toBeGreaterThan(20);
    expect(reports.at(-1)?.progress).toMatchObject({ read: 300, stored: 300, sent: 300 });
  });

  it("stops reading when it is aborted and settles what it sent", async () => {
    const { run, stream } = setUp();
    const abort = new AbortController();
    async function* endless(): AsyncGenerator<string> {
      for (const line of lines(30)) yield line;
      abort.abort();
      await new Promise(() => {});
    }
    const result = await run({ lines: endless(), signal: abort.signal });
    expect(result).toMatchObject({ aborted: true, read: result.stored });
    expect(stream.stored).toHaveLength(result.stored);
  });

  it("lets go of an input that gives nothing more when it is aborted", async () => {
    const { run } = setUp();
    const abort = new AbortController();
    const input = new PassThrough();
    input.write(`${lines(1).join("")}\n`);
    setImmediate(() => abort.abort());
    expect(await run({ lines: input, signal: abort.signal })).toMatchObject({ aborted: true });
    expect(input.destroyed).toBe(true);
  });

  it("says how far it came when the input fails", async () => {
    const { run } = setUp();
    async function* broken(): AsyncGenerator<string> {
      yield* lines(3);
      throw new Error("disk on fire");
    }
    const error = await run({ lines: broken() }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ReplayInputError);
    expect(error).toMatchObject({
      message: expect.stringContaining("(3 events read): disk on fire"),
      result: { read: 3, stored: 3 },
    });
  });

  it("refuses a rate that is none", async () => {
    await expect(setUp().run({ lines: inputOf([]), rate: 0 })).rejects.toThrow("rate must be a number above 0, got 0");
  });
});

function setUp(stream = createFakeStream()) {
  const clock = createHandClock();
  const producer = createProducer({
    client: stream.client,
    streamName: "events",
    maxBufferedEvents: 50,
    maxAttempts: 3,
    clock,
  });
  return {
    stream,
    clock,
    run: (options: Omit<ReplayOptions, "producer" | "clock">) => turned(clock, replay({ ...options, producer, clock })),
  };
}

/** Waits for a promise, turning the clock as far as it takes. */
async function turned<Value>(clock: HandClock, promise: Promise<Value>): Promise<Value> {
  let isDone = false;
  void promise.catch(() => {}).finally(() => (isDone = true));
  while (!isDone) await clock.runUntil(() => isDone).catch(() => new Promise(setImmediate));
  return promise;
}

async function* inputOf<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
