import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeEvent } from "./server-sent-events.ts";

test("splits lines of every kind", () => {
  expect(encodeEvent({ event: "update", id: "7", data: "a\nb\r\nc\rd" })).toBe(
    "event: update\nid: 7\ndata: a\ndata: b\ndata: c\ndata: d\n\n",
  );
});

test("arrives as it was sent, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (data) => {
      expect(decode(encodeEvent({ event: "update", data }))).toBe(data.replaceAll(/\r\n|\r/g, "\n"));
    }),
  );
});

test("refuses line breaks where they would start another field", () => {
  expect(() => encodeEvent({ event: "a\nb", data: "" })).toThrow(TypeError);
  expect(() => encodeEvent({ event: "a", id: "1\r", data: "" })).toThrow(TypeError);
  expect(() => encodeEvent({ event: "a", id: "\0", data: "" })).toThrow(TypeError);
});

/** The data of one event as a browser reads it. */
function decode(text: string): string {
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => line.slice("data: ".length))
    .join("\n");
}
