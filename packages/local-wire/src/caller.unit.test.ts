import { describe, expect, it } from "vitest";
import { refuseForeignCaller } from "./caller.ts";

function callWith(headers: Partial<Record<string, string>>): () => void {
  return () => refuseForeignCaller((name) => headers[name]);
}

describe("a caller", () => {
  it.each([
    { host: "127.0.0.1:4566" },
    { host: "localhost:4566" },
    { host: "LOCALHOST" },
    { host: "[::1]:4566" },
    { host: "127.0.0.2:80" },
    { host: "000000000000.localhost:4566" },
    { ":authority": "127.0.0.1:4566" },
    { host: "127.0.0.1:4566", "sec-fetch-mode": "cors" },
    { host: "127.0.0.1:4566", "sec-fetch-site": "none" },
  ])("is taken with %j", (headers) => expect(callWith(headers)).not.toThrow());

  it.each([
    {},
    { host: "" },
    { host: "evil.example:4566" },
    { host: "127.0.0.1.evil.example" },
    { host: "localhost.evil.example" },
    { host: "notlocalhost" },
    { host: "10.0.0.1:4566" },
    { host: "127.0.0.1:4566", ":authority": "evil.example" },
    { host: "127.0.0.1:4566", origin: "https://evil.example" },
    { host: "127.0.0.1:4566", origin: "null" },
    { host: "127.0.0.1:4566", origin: "http://127.0.0.1:3000" },
    { host: "127.0.0.1:4566", "sec-fetch-site": "cross-site" },
    { host: "127.0.0.1:4566", "sec-fetch-site": "same-site" },
  ])("is refused with %j", (headers) =>
    expect(callWith(headers)).toThrow(
      expect.objectContaining({ type: "AccessDeniedException", status: 403 }) as unknown as Error,
    ),
  );
});
