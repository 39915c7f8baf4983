import { describe, expect, it } from "vitest";
import { createSubscriptionPace, createSubscriptionRule } from "./fan-out.ts";

const MIB = 1024 * 1024;
const ARN = "arn:aws:kinesis:eu-west-1:000000000000:stream/s/consumer/c:1";

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

describe("the rule for SubscribeToShard", () => {
  const refusal = (action: () => void): string => {
    try {
      action();
      return "none";
    } catch (error) {
      return (error as { type: string }).type;
    }
  };

  it("allows one call a second for a consumer and a shard, and none within 5 s of one that succeeded", () => {
    const rule = createSubscriptionRule();
    const at = (now: number, shardId = "shardId-000000000000") => refusal(() => rule.admit(ARN, shardId, now));
    expect(at(0)).toBe("none");
    expect(at(0, "shardId-000000000001")).toBe("none");
    expect(at(999)).toBe("LimitExceededException");
    expect(at(1000)).toBe("ResourceInUseException");
    expect(at(4999)).toBe("ResourceInUseException");
    expect(at(5999)).toBe("none");
    expect(at(11_000)).toBe("none");
  });
});
