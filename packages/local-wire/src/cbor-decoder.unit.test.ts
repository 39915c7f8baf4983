import { Encoder } from "cbor-x";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CborError, decodeCbor } from "./cbor-decoder.ts";

const decode = (hex: string, maxDepth = 10) => decodeCbor(Buffer.from(hex.replaceAll(" ", ""), "hex"), maxDepth);
const text = (value: string) => Buffer.from(value).toString("hex");

describe("decodeCbor", () => {
  // Source of most: RFC 8949, appendix A.
  it.each([
    ["00", 0],
    ["17", 23],
    ["1818", 24],
    ["1903e8", 1000],
    ["1a000f4240", 1_000_000],
    ["1b000000e8d4a51000", 1_000_000_000_000],
    ["20", -1],
    ["3903e7", -1000],
    ["f90000", 0],
    ["f98000", -0],
    ["f93e00", 1.5],
    ["f97bff", 65504],
    ["f90001", 5.960464477539063e-8],
    ["f9c400", -4],
    ["f97c00", Infinity],
    ["fa47c35000", 100_000],
    ["fb3ff199999999999a", 1.1],
    ["f4", false],
    ["f5", true],
    ["f6", null],
    ["f7", undefined],
    ["4401020304", Buffer.from([1, 2, 3, 4])],
    ["63c3bc61", "üa"],
    ["80", []],
    ["83010203", [1, 2, 3]],
    ["a26161016162820203", { a: 1, b: [2, 3] }],
  ])("reads %s", (hex, value) => expect(decode(hex)).toEqual(value));

  it("reads lengths that are not said before", () => {
    expect(decode("5f42010243030405ff")).toEqual(Buffer.from([1, 2, 3, 4, 5]));
    expect(decode("7f657374726561646d696e67ff")).toBe("streaming");
    expect(decode("9f018202039f0405ffff")).toEqual([1, [2, 3], [4, 5]]);
    expect(decode("bf 6161 01 6162 9f0203ff ff")).toEqual({ a: 1, b: [2, 3] });
  });

  it("reads timestamps, which are milliseconds, as seconds, wherever they stand", () => {
    expect(decode("c11b0000018bcfe569f4")).toBe(1_700_000_000.5);
    expect(decode("82c11905dca1 6174 c120")).toEqual([1.5, { t: -0.001 }]);
    expect(decode("c1fb4097700000000000")).toBe(1.5);
  });

  it("keeps the last of two values of a key, and makes a member of a key that is the prototype's name", () => {
    expect(decode("a2616101616102")).toEqual({ a: 2 });
    const value = decode(`a169${text("__proto__")}a16178f5`) as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it.each([
    ["", "nothing"],
    ["19", "an argument that is missing"],
    ["1903", "an argument cut short"],
    ["44010203", "bytes cut short"],
    ["6261", "text cut short"],
    ["8201", "a list cut short"],
    ["a16161", "a map without its last value"],
    ["0000", "two values"],
    ["9f01", "a list without its end"],
    ["5f4101", "a string without its end"],
    ["5f6161ff", "text among bytes"],
    ["5f5f4101ffff", "pieces in pieces"],
    ["ff", "an end without a beginning"],
    ["bf6161ff", "an end in place of a value"],
    ["1c", "a reserved length"],
    ["1f", "a number without end"],
    ["e0", "a reserved simple value"],
    ["f818", "a simple value of two bytes"],
    ["a10102", "a key that is a number"],
    ["a1f601", "a key that is null"],
    ["a1416101", "a key that is bytes"],
    ["c001", "a tag of text dates"],
    ["c2420100", "a big number"],
    ["d81c8100", "a shareable value"],
    ["d81d00", "a reference"],
    ["d9d9f700", "a tag of self-description"],
    ["c16161", "a timestamp that is text"],
    ["c1c100", "a timestamp of a timestamp"],
    ["9bffffffffffffffff", "a list of 2^64 items"],
    ["bb00000000ffffffff", "a map of 2^32 members"],
    ["5b7fffffffffffffff", "2^63 bytes"],
    ["9a01c9c380".repeat(8), "lists of 30,000,000 items in each other"],
  ])("refuses %s: %s", (hex) => expect(() => decode(hex)).toThrow(CborError));

  it("refuses what is nested deeper than it is told", () => {
    const nest = (levels: number) => `${"81".repeat(levels)}00`;
    expect(decode(nest(10))).toBeDefined();
    expect(() => decode(nest(11))).toThrow(CborError);
    expect(decode(`82${nest(9)}${nest(9)}`)).toBeDefined();
    expect(() => decode("9f".repeat(1_000_000))).toThrow(CborError);
    expect(() => decode(`bf${"6161bf".repeat(1_000_000)}`)).toThrow(CborError);
    expect(() => decode("c1".repeat(1_000_000))).toThrow(CborError);
  });

  const encoder = new Encoder({ useRecords: false, mapsAsObjects: true, variableMapSize: true, tagUint8Array: false });
  const leaf = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.integer({ min: -(2 ** 53), max: 2 ** 53 }),
    fc.double({ noNaN: true }).map((value) => value + 0), // that encoder has no -0
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
  const { value: anyValue } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie("value")),
      fc.dictionary(
        fc.string().filter((key) => key !== "__proto__"),
        tie("value"),
        { noNullPrototype: true },
      ),
    ),
  }));

  it("reads what an independent encoder writes", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(decodeCbor(encoder.encode(value), 10)).toEqual(value);
      }),
    );
  });

  it("answers or refuses any bytes, and any change of what is sound, without another error", () => {
    const tryDecode = (bytes: Buffer) => {
      try {
        decodeCbor(bytes, 10);
      } catch (error) {
        expect(error).toBeInstanceOf(CborError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => tryDecode(Buffer.from(bytes))));
    fc.assert(
      fc.property(anyValue, fc.nat(), fc.nat(255), (value, position, byte) => {
        const bytes = Buffer.from(encoder.encode(value));
        bytes[position % bytes.length] = byte;
        tryDecode(bytes);
        tryDecode(bytes.subarray(0, position % bytes.length));
      }),
    );
  });
});
