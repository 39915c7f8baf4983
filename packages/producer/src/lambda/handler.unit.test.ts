import { afterEach, describe, expect, it } from "vitest";
import { createFakeStream, serviceError } from "../../testing/fake-stream.ts";
import { createHandler, handler } from "./handler.ts";

describe("createHandler", () => {
  it.each([
    [{}, 5],
    [undefined, 5],
    [null, 5],
    [{ count: 1 }, 1],
    [{ count: 500 }, 500],
  ])("answers %j with how many events it stored", async (event, count) => {
    const { stream, run } = setUp();
    expect(await run(event)).toEqual({
      statusCode: 200,
      body: { lambdaResult: `Successfully processed ${count} events.` },
    });
    expect(stream.callSizes).toEqual([count]);
    expect(new Set(stream.stored.map(({ event: { event_id: id } }) => id)).size).toBe(count);
  });

  it("ignores what a schedule sends along", async () => {
    const { run } = setUp();
    const scheduled = { version: "0", "detail-type": "Scheduled Event", count: 2 };
    expect((await run(scheduled)).body.lambdaResult).toBe("Successfully processed 2 events.");
  });

  it.each([0, 501, 2.5, "5", true])("refuses a count of %j", async (count) => {
    const { stream, run } = setUp();
    await expect(run({ count: count as number })).rejects.toThrow(
      /count must be an integer from 1 to 500, got .* \(event of the producer Lambda\)/,
    );
    expect(stream.callSizes).toEqual([]);
  });

  it("resends what failed before it answers", async () => {
    const { run, stream } = setUp(createFakeStream((call) => (call === 1 ? (index) => index < 2 : undefined)));
    expect((await run({})).body.lambdaResult).toBe("Successfully processed 5 events.");
    expect(stream.callSizes).toEqual([5, 2]);
  });

  it("throws with the counts when events were not stored", async () => {
    const { run, logged } = setUp(createFakeStream(() => serviceError("AccessDeniedException")));
    await expect(run({})).rejects.toThrow("0 of 5 events were stored, 5 were not: AccessDeniedException was thrown");
    expect(logged).toEqual([
      expect.objectContaining({ message: "not all events stored", requested: 5, stored: 0, failed: 5 }),
    ]);
  });

  it("stops resending before Lambda's time is over", async () => {
    const { run } = setUp(createFakeStream(() => () => true));
    await expect(run({}, { getRemainingTimeInMillis: () => 550 })).rejects.toThrow("0 of 5 events were stored");
  });

  it("logs one line with counts and no payload", async () => {
    const { run, logged } = setUp();
    await run({ count: 3 });
    expect(logged).toEqual([
      { message: "events stored", requested: 3, stored: 3, rejected: 0, failed: 0, calls: 1, durationMs: 0 },
    ]);
  });
});

describe("handler", () => {
  const before = process.env["STREAM_NAME"];
  afterEach(() => {
    if (before === undefined) delete process.env["STREAM_NAME"];
    else process.env["STREAM_NAME"] = before;
  });

  it("says which variable is missing", async () => {
    delete process.env["STREAM_NAME"];
    await expect(handler({})).rejects.toThrow(
      /STREAM_NAME must name the Kinesis stream, .* got none \(environment of the producer Lambda\)/,
    );
    process.env["STREAM_NAME"] = "not a name";
    await expect(handler({})).rejects.toThrow(/got "not a name"/);
  });
});

function setUp(stream = createFakeStream()) {
  const logged: unknown[] = [];
  const run = createHandler({
    client: stream.client,
    streamName: "events",
    now: () => 1_700_000_000_000,
    log: (line) => logged.push(JSON.parse(line)),
  });
  return { stream, logged, run };
}
