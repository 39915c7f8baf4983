import Type, { type Static } from "typebox";
import { defineFamily } from "./family.ts";
import { envelope, integer, nullable, oneOf, text } from "./fields.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE"] as const;

/** How often samples show each method: mostly GET, as logs do. */
const sampleMethods = [...Array<"GET">(15).fill("GET"), "HEAD", "POST", "POST", "PUT", "DELETE"] as const;
/** Addresses set aside for documentation (RFC 5737). */
const sampleAddresses = Array.from({ length: 100 }, (_, index) => `203.0.113.${index + 1}`);
const samplePaths = [
  "/",
  "/",
  "/",
  "/pricing",
  "/docs",
  "/docs/start",
  "/blog",
  "/favicon.ico",
  "/robots.txt",
  "/api/orders",
];
const sampleStatuses = [200, 200, 200, 200, 200, 200, 200, 206, 301, 304, 304, 404, 500];
const sampleReferrers = [
  "https://www.example.com/",
  "https://search.example.org/?q=events",
  "https://news.example.net/item/7",
];
const sampleAgents = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
  "curl/8.9.1",
];

const schema = Type.Object(
  {
    ...envelope(oneOf(methods, sampleMethods), text({ minLength: 1, maxBytes: 256, examples: sampleAddresses })),
    path: text({ minLength: 1, examples: samplePaths }),
    status: integer({ minimum: 100, maximum: 599, examples: sampleStatuses }),
    bytes: nullable(integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    referrer: nullable(text({ examples: sampleReferrers })),
    user_agent: text({ examples: sampleAgents }),
  },
  { additionalProperties: false },
);

/**
 * A request that a web server answered: `event_name` is the HTTP method, `user` the client's address, `bytes` the length of the body or null
 * where there was none, `referrer` null where the client sent none.
 */
export type WebRequestEvent = Static<typeof schema>;

/** The family of web requests. */
export const webRequests = defineFamily({ name: "web_requests", view: "web_requests", eventNames: methods, schema });
