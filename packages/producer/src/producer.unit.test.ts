import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinEvent, joinEvents } from "../testing/event-factory.ts";
import { createFakeStream, serviceError, type Fault } from "../testing/fake-stream.ts";
import { createHandClock } from "../testing/hand-clock.ts";
import { createProducer, type EventOutcome, type ProducerOptions } from "./index.ts";

describe("createProducer", () => {
  it("stores events and answers where each one is", async () => {
    const { stream, producer } = setUp();
    const outcomes = joinEvents(3).map((event) => producer.send(event));
    await producer.close();
    expect(await Promise.all(outcomes)).toEqual(
      stream.stored.map(({ sequenceNumber, event }) => ({
        status: "stored",
        shardId: "shardId-000000000000",
        sequenceNumber,
        eventId: event.event_id,
      })),
    );
    expect(stream.stored.map(({ partitionKey }) => partitionKey)).toEqual(["0", "1", "2"]);
  });

  it("rejects what is no valid event without sending it", async () => {
    const { stream, producer } = setUp();
    const outcome = await producer.send(joinEvent({ user: 101 }));
    await producer.close();
    expect(outcome).toMatchObject({ status: "rejected", problems: [{ rule: "out-of-range", path: "/user" }] });
    expect(stream.callSizes).toEqual([]);
  });

  it("rejects a record that the warehouse would skip", async () => {
    const { producer } = setUp();
    const long = "\u0001".repeat(65_535);
    const request = { path: long, status: 200, bytes: null, referrer: long, user_agent: long };
    expect(await producer.send(joinEvent({ event_name: "GET", user: "203.0.113.1", ...request }))).toMatchObject({
      status: "rejected",
      problems: [{ rule: "too-large" }],
    });
  });

  it("sends full batches at once and the rest after lingering", async () => {
    const { stream, producer, clock } = setUp({ maxRecordCount: 10, lingerMs: 20 });
    for (const event of joinEvents(25)) void producer.send(event);
    await clock.advance(19);
    expect(stream.callSizes).toEqual([10, 10]);
    await clock.advance(1);
    expect(stream.callSizes).toEqual([10, 10, 5]);
  });

  it("bounds a batch by bytes", async () => {
    const { stream, producer } = setUp({ maxBatchBytes: 1_000_000 });
    const request = {
      event_name: "GET",
      user: "203.0.113.1",
      status: 200,
      bytes: null,
      referrer: null,
      user_agent: "",
    };
    for (const event of joinEvents(40)) void producer.send({ ...event, ...request, path: "/".repeat(60_000) });
    await producer.close();
    expect(Math.max(...stream.callSizes)).toBe(16);
    expect(stream.stored).toHaveLength(40);
  });

  it("keeps no more calls in flight than allowed", async () => {
    const { stream, producer } = setUp(
      { maxRecordCount: 1, maxInFlight: 3 },
      createFakeStream(undefined, () => new Promise(setImmediate)),
    );
    for (const event of joinEvents(20)) void producer.send(event);
    await producer.close();
    expect(stream.mostInFlight()).toBe(3);
  });

  it("resends only the failed records", async () => {
    const { stream, producer, clock } = setUp(
      {},
      createFakeStream((call) => (call === 1 ? (index) => index % 2 === 0 : undefined)),
    );
    const outcomes = joinEvents(10).map((event) => producer.send(event));
    await closed(producer, clock);
    expect(stream.callSizes).toEqual([10, 5]);
    expect(stream.stored.map(({ event }) => event.event_id)).toEqual(
      [1, 3, 5, 7, 9, 0, 2, 4, 6, 8].map((id) => `e-${id}`),
    );
    expect((await Promise.all(outcomes)).every(({ status }) => status === "stored")).toBe(true);
    expect(producer.counts).toMatchObject({ calls: 2, resent: 5, stored: 10 });
  });

  it("waits with full jitter, doubling the bound up to its maximum", async () => {
    const calls: number[] = [];
    const clock = createHandClock();
    const stream = createFakeStream(() => {
      calls.push(clock.now());
      return calls.length < 6 ? () => true : undefined;
    });
    const { producer } = setUp({ clock, random: () => 0.5, baseDelayMs: 100, maxDelayMs: 400, lingerMs: 0 }, stream);
    void producer.send(joinEvent());
    await closed(producer, clock);
    expect(calls.slice(1).map((at, index) => at - (calls[index] ?? 0))).toEqual([50, 100, 200, 200, 200]);
  });

  it("gives an event up after the stated number of attempts", async () => {
    const { stream, producer, clock } = setUp(
      { maxAttempts: 3 },
      createFakeStream(() => () => true),
    );
    const outcome = producer.send(joinEvent());
    await closed(producer, clock);
    expect(stream.callSizes).toEqual([1, 1, 1]);
    expect(await outcome).toMatchObject({
      status: "failed",
      cause: { cause: { name: "ProvisionedThroughputExceededException" } },
    });
    expect(((await outcome) as { cause: Error }).cause.message).toMatch(
      /not stored after 3 attempts in \d+ ms: Provisioned.*Rate exceeded/,
    );
  });

  it("gives an event up when the stated time has passed", async () => {
    const options = { maxAttempts: 100, maxElapsedMs: 1000, baseDelayMs: 300, maxDelayMs: 300, random: () => 0.999 };
    const { stream, producer, clock } = setUp(
      options,
      createFakeStream(() => () => true),
    );
    const outcome = producer.send(joinEvent());
    await closed(producer, clock);
    expect(stream.callSizes).toHaveLength(4);
    expect((await outcome).status).toBe("failed");
    expect(clock.now()).toBeLessThanOrEqual(1020);
  });

  it.each([
    serviceError("ProvisionedThroughputExceededException"),
    serviceError("KMSThrottlingException"),
    serviceError("InternalFailure", 500),
    serviceError("Whatever", 503),
    Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
    Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
    Object.assign(new Error("timed out"), { name: "TimeoutError" }),
    new Error("Unexpected error: http2 request did not get a response"),
  ])("repeats a call as a whole after $name: $message", async (error) => {
    const { stream, producer, clock } = setUp(
      {},
      createFakeStream((call) => (call === 1 ? error : undefined)),
    );
    for (const event of joinEvents(4)) void producer.send(event);
    await closed(producer, clock);
    expect(stream.callSizes).toEqual([4, 4]);
    expect(producer.counts).toMatchObject({ stored: 4, failed: 0 });
  });

  it.each([
    serviceError("ResourceNotFoundException"),
    serviceError("AccessDeniedException"),
    serviceError("ValidationException"),
    serviceError("KMSDisabledException"),
    new TypeError("a fault of ours"),
  ])("fails at once with the cause after $name", async (error) => {
    const { stream, producer } = setUp(
      {},
      createFakeStream(() => error),
    );
    const outcome = await Promise.all([producer.send(joinEvent()), producer.close()]);
    expect(outcome[0]).toEqual({ status: "failed", cause: error });
    expect(stream.callSizes).toEqual([1]);
  });

  it("takes an answer of the wrong length for a failure", async () => {
    const { producer } = setUp({
      client: { send: async () => ({ $metadata: {}, Records: [], FailedRecordCount: 0 }) },
    });
    const [outcome] = await Promise.all([producer.send(joinEvent()), producer.close()]);
    expect((outcome as { cause: Error }).cause.message).toContain("as many records as were sent (1), got 0");
  });

  it("ends a call that takes too long and sends its records again", async () => {
    let calls = 0;
    const answering = createFakeStream();
    const client: ProducerOptions["client"] = {
      send: (command, options) =>
        ++calls > 1
          ? answering.client.send(command)
          : new Promise((_, reject) =>
              options?.abortSignal?.addEventListener("abort", () => reject(new Error("aborted"))),
            ),
    };
    const { producer, clock } = setUp({ client, callTimeoutMs: 500 });
    void producer.send(joinEvent());
    await closed(producer, clock);
    expect(calls).toBe(2);
    expect(producer.counts.stored).toBe(1);
  });

  it("settles each event exactly once and loses none, whatever fails", async () => {
    const faults = fc.array(
      fc.oneof(
        fc.constant(undefined),
        fc.constant(serviceError("InternalFailure", 500)),
        fc.constant(serviceError("AccessDeniedException")),
        fc
          .array(fc.boolean(), { minLength: 1, maxLength: 7 })
          .map((pattern) => (index: number) => pattern[index % pattern.length] ?? false),
      ),
      { maxLength: 40 },
    );
    const limits = fc.record({
      maxRecordCount: fc.integer({ min: 1, max: 20 }),
      maxInFlight: fc.integer({ min: 1, max: 4 }),
      maxAttempts: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(faults, limits, fc.integer({ min: 0, max: 100 }), async (pattern: Fault[], options, count) => {
        const { stream, producer, clock } = setUp(
          options,
          createFakeStream((call) => pattern[call - 1]),
        );
        const settled = new Map<number, EventOutcome[]>();
        joinEvents(count).forEach((event, index) => {
          void producer.send(event).then((outcome) => settled.set(index, [...(settled.get(index) ?? []), outcome]));
        });
        await closed(producer, clock);
        expect([...settled.values()].map(({ length }) => length)).toEqual(Array(count).fill(1));
        const bySequenceNumber = new Map(stream.stored.map((record) => [record.sequenceNumber, record.event.event_id]));
        const stored = [...settled.values()].flat().filter((outcome) => outcome.status === "stored");
        for (const { sequenceNumber, eventId } of stored) expect(bySequenceNumber.get(sequenceNumber)).toBe(eventId);
        expect(stored).toHaveLength(stream.stored.length);
        const { counts } = producer;
        expect(counts).toMatchObject({
          received: count,
          buffered: 0,
          stored: stored.length,
          failed: count - stored.length,
        });
      }),
      { numRuns: 200 },
    );
  });

  it("holds no more events than allowed and lets who waits go on when there is room", async () => {
    const { producer, clock } = setUp({ maxBufferedEvents: 10, maxRecordCount: 3 });
    let most = 0;
    const sendAll = async (): Promise<void> => {
      for (const event of joinEvents(50)) {
        await producer.ready();
        void producer.send(event);
        most = Math.max(most, producer.counts.buffered);
      }
    };
    let isSent = false;
    void Promise.all([sendAll(), sendAll(), sendAll()]).then(() => (isSent = true));
    await clock.runUntil(() => isSent);
    await closed(producer, clock);
    expect(most).toBeLessThanOrEqual(10);
    expect(producer.counts).toMatchObject({ received: 150, stored: 150, failed: 0 });
  });

  it("fails an event that comes without room, and says what to do", async () => {
    const { producer } = setUp({ maxBufferedEvents: 2 });
    const outcomes = joinEvents(3).map((event) => producer.send(event));
    await producer.close();
    expect(await outcomes[2]).toMatchObject({
      status: "failed",
      cause: { message: expect.stringContaining("await ready()") },
    });
    expect(producer.counts).toMatchObject({ stored: 2, failed: 1 });
  });

  it("gives room to others when a promised place is not taken", async () => {
    const { producer } = setUp({ maxBufferedEvents: 1 });
    await producer.ready();
    await producer.ready();
    const [outcome] = await Promise.all([producer.send(joinEvent()), producer.flush()]);
    expect(outcome.status).toBe("stored");
  });

  it("flushes what was taken before, not what comes after", async () => {
    const { producer } = setUp({ lingerMs: 60_000 });
    const before = producer.send(joinEvent({ event_id: "before" }));
    const flushed = producer.flush();
    void producer.send(joinEvent({ event_id: "after" }));
    await flushed;
    expect((await before).status).toBe("stored");
    expect(producer.counts).toMatchObject({ stored: 1, buffered: 1 });
    await producer.close();
    expect(producer.counts).toMatchObject({ stored: 2, buffered: 0 });
  });

  it("takes nothing after close", async () => {
    const { producer } = setUp();
    await producer.close();
    await producer.ready();
    expect(await producer.send(joinEvent())).toMatchObject({
      status: "failed",
      cause: { message: expect.stringContaining("closed") },
    });
    await producer.close();
  });

  it("fails all that it holds when it is aborted", async () => {
    const abort = new AbortController();
    const { producer, clock } = setUp(
      { signal: abort.signal, maxRecordCount: 2, maxInFlight: 2 },
      createFakeStream(() => () => true),
    );
    const outcomes = joinEvents(9).map((event) => producer.send(event));
    await clock.advance(0);
    abort.abort(new Error("enough"));
    await producer.close();
    for (const outcome of await Promise.all(outcomes)) {
      expect(outcome).toMatchObject({ status: "failed", cause: { cause: { message: "enough" } } });
    }
    expect((await producer.send(joinEvent())).status).toBe("failed");
    expect(producer.counts).toMatchObject({ received: 10, failed: 10, buffered: 0 });
  });

  it("fails an event for which no partition key can be had", async () => {
    const empty = setUp({ partitionKeyOf: () => "" }).producer;
    expect((await empty.send(joinEvent())).status).toBe("failed");
    const throwing = setUp({
      partitionKeyOf: () => {
        throw new Error("no key");
      },
    }).producer;
    expect(await throwing.send(joinEvent())).toMatchObject({
      status: "failed",
      cause: { cause: { message: "no key" } },
    });
  });

  it("reports every setting that is out of bounds, and unknown ones", () => {
    const settings = { maxRecordCount: 0, lingerMs: -1, streamName: "a b", batchSize: 7 };
    expect(() => setUp(settings)).toThrow(
      'batchSize is no setting; streamName must match ^[a-zA-Z0-9_.-]{1,128}$, got "a b"; maxRecordCount must be an integer from 1 to 500, got 0; ' +
        "lingerMs must be an integer from 0 to 60000, got -1 (producer settings)",
    );
  });
});

function setUp(
  options: Partial<ProducerOptions> & { clock?: ReturnType<typeof createHandClock> } = {},
  stream = createFakeStream(),
) {
  const clock = options.clock ?? createHandClock();
  const producer = createProducer({ client: stream.client, streamName: "events", ...options, clock });
  return { stream, producer, clock };
}

/** Closes a producer, turning its clock as far as it takes. */
async function closed(producer: { close(): Promise<void> }, clock: ReturnType<typeof createHandClock>): Promise<void> {
  let isClosed = false;
  void producer.close().then(() => (isClosed = true));
  await clock.runUntil(() => isClosed);
}
