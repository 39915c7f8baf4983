import type { Field } from "@aws-sdk/client-redshift-data";
import { describe, expect, it } from "vitest";
import { decodeField } from "./result.ts";

describe("decodeField", () => {
  it("keeps the digits of a big integer that a client hands over whole", () => {
    expect(decodeField({ longValue: 9223372036854775807n } as unknown as Field)).toBe("9223372036854775807");
    expect(decodeField({ longValue: 12n } as unknown as Field)).toBe(12);
  });

  it("throws for a field without a known value", () => {
    expect(() => decodeField({ $unknown: ["mapValue", {}] } as Field)).toThrow(/no known value: \$unknown/);
  });
});
