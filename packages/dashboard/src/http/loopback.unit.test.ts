import { expect, test } from "vitest";
import { isLoopbackHost, isOwnPage } from "./loopback.ts";

test.each(["127.0.0.1:4600", "localhost", "LOCALHOST:1", "[::1]:4600", "127.8.9.1"])(
  "takes %s as this machine",
  (host) => expect(isLoopbackHost(host)).toBe(true),
);

test.each([undefined, "", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:4600", "10.0.0.1", "::1"])(
  "takes %s as another",
  (host) => expect(isLoopbackHost(host)).toBe(false),
);

test("tells its own page from another site's", () => {
  expect(isOwnPage({})).toBe(true);
  expect(isOwnPage({ origin: "http://localhost:4600", "sec-fetch-site": "same-origin" })).toBe(true);
  expect(isOwnPage({ "sec-fetch-site": "none" })).toBe(true);
  expect(isOwnPage({ "sec-fetch-site": "cross-site" })).toBe(false);
  expect(isOwnPage({ origin: "https://evil.example" })).toBe(false);
  expect(isOwnPage({ origin: "null" })).toBe(false);
});
