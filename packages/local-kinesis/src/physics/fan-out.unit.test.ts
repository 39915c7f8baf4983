import { describe, expect, it } from "vitest";
import { createSubscriptionPace } from "./fan-out.ts";

const MIB = 1024 * 1024;

describe("the pace of a subscription", () => {
  it.each([1000, 400_000, 10 * MIB])("is 2 MiB a second, %i bytes an event", (bytes) => {
    const pace = createSubscriptionPace();
    let now = 0;
    let sent = 0;
    while (now < 1_000_000) {
      now += pace.book(bytes, now);
      sent += bytes;
    }
    expect(sent / (2 * MIB * 1000)).toBeGreaterThan(0.99);
    expect(sent / (2 * MIB * 1000)).toBeLessThan(1.01);
  });

  it("makes nothing wait that is within a second's worth", () => {
    const pace = createSubscriptionPace();
    expect([pace.book(MIB, 0), pace.book(MIB, 0), pace.book(MIB, 0)]).toEqual([0, 0, 500]);
  });
});
