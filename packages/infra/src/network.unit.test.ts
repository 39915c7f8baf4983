import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkGivenSubnets, chooseSubnets } from "./network.ts";

const subnet = (id: string, zone: string, isPublic = false) => ({
  id,
  availabilityZone: `eu-west-1${zone}`,
  mapPublicIpOnLaunch: isPublic,
});

describe("choosing subnets", () => {
  const subnets = [subnet("s4", "d"), subnet("s3", "c"), subnet("s1", "a"), subnet("s0", "a"), subnet("s2", "b")];

  it("takes one in each of three zones, in whatever order they are listed", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(subnets, { minLength: subnets.length }), (listed) => {
        expect(chooseSubnets(listed)).toEqual(["s0", "s2", "s3"]);
      }),
    );
  });

  it("refuses a network in two zones", () => {
    expect(() => chooseSubnets([subnet("s1", "a"), subnet("s2", "b"), subnet("s3", "b")])).toThrow(
      /in 2 availability zones/,
    );
  });
});

describe("checking given subnets", () => {
  const spread = [subnet("s1", "a", true), subnet("s2", "b"), subnet("s3", "c")];

  it("takes three zones, and public ones outside production alone", () => {
    expect(() => checkGivenSubnets(spread, false)).not.toThrow();
    expect(() => checkGivenSubnets(spread, true)).toThrow(/s1/);
  });

  it("names the zones of subnets that span too few", () => {
    expect(() => checkGivenSubnets([subnet("s1", "b"), subnet("s2", "a"), subnet("s3", "a")], false)).toThrow(
      /3 subnets in eu-west-1a, eu-west-1b/,
    );
  });
});
