import { families } from "@millrace/events";
import { describe, expect, it } from "vitest";
import { createFakeStream } from "../testing/fake-stream.ts";
import { createHandClock } from "../testing/hand-clock.ts";
import { createProducer, produceSamples, type SampleOptions } from "./index.ts";

describe("produceSamples", () => {
  it("sends fifty valid events a second of every family, without drift, until it is aborted", async () => {
    const { start, clock, abort, stream, producer } = setUp();
    const ended = start();
    for (let second = 1; second <= 60; second++) {
      await clock.advance(1_000);
      expect(Math.abs(producer.counts.received - second * 50)).toBeLessThanOrEqual(1);
    }
    abort.abort();
    const { sent } = await ended;
    await Promise.all([producer.close(), clock.advance(1_000)]);
    expect(producer.counts).toMatchObject({ received: sent, stored: sent, rejected: 0 });
    const names = new Set(stream.stored.map(({ event }) => Object.keys(event).length));
    expect(names).toEqual(new Set(families.map(({ columns }) => columns.length)));
  });

  it.each([1, 7, 333, 1_000])("holds %d events a second", async (ratePerSecond) => {
    const { start, clock, abort, producer } = setUp();
    const ended = start({ ratePerSecond });
    await clock.advance(10_000);
    abort.abort();
    await ended;
    expect(Math.abs(producer.counts.received - ratePerSecond * 10)).toBeLessThanOrEqual(
      Math.max(1, ratePerSecond / 50),
    );
  });

  it("waits for room and does not make up for it in a burst", async () => {
    let isStuck = true;
    const stream = createFakeStream(() => (isStuck ? () => true : undefined));
    const { start, clock, abort, producer } = setUp(stream, 100);
    const ended = start();
    await clock.advance(30_000);
    expect(producer.counts.received).toBe(100);
    isStuck = false;
    await clock.advance(10_000);
    abort.abort();
    await ended;
    expect(producer.counts.received).toBeLessThanOrEqual(100 + 10 * 50 + 50);
    expect(producer.counts.failed).toBe(0);
  });

  it("ends while it waits for room", async () => {
    const { start, clock, abort } = setUp(
      createFakeStream(() => () => true),
      10,
    );
    const ended = start();
    await clock.advance(5_000);
    abort.abort();
    expect(await ended).toEqual({ sent: 10 });
  });

  it("refuses a rate that is none and an empty list", async () => {
    await expect(setUp().start({ ratePerSecond: 0 })).rejects.toThrow(TypeError);
    await expect(setUp().start({ families: [] })).rejects.toThrow("at least one family");
  });
});

function setUp(stream = createFakeStream(), maxBufferedEvents = 10_000) {
  const clock = createHandClock();
  const abort = new AbortController();
  const producer = createProducer({ client: stream.client, streamName: "events", maxBufferedEvents, clock });
  const start = (options: Partial<SampleOptions> = {}) =>
    produceSamples({ producer, families, signal: abort.signal, clock, ...options });
  return { stream, clock, abort, producer, start };
}
