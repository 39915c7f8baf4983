import { Decoder, Encoder, Tag } from "cbor-x";

/** The media types of the two protocols. */
export const CONTENT_TYPES = { json: "application/x-amz-json-1.1", cbor: "application/x-amz-cbor-1.1" } as const;

const encoder = new Encoder({ useRecords: false, mapsAsObjects: true, variableMapSize: true, tagUint8Array: false });

/** `int64AsNumber` is an option of cbor-x's decoder that its types lack; without it a time over 64 bits throws. */
const decodeOptions = { useRecords: false, mapsAsObjects: true, int64AsNumber: true };
const decoder = new Decoder(decodeOptions);

/** A value as a client writes it: bytes and times as each protocol has them. */
export function encodeBody(protocol: "json" | "cbor", value: unknown): Buffer {
  return protocol === "json"
    ? Buffer.from(JSON.stringify(toJson(value)) ?? "")
    : Buffer.from(encoder.encode(toCbor(value)));
}

/** What a body of an answer says. Throws if it is not what its media type says. */
export function decodeBody(contentType: string | undefined, body: Buffer): unknown {
  if (body.length === 0) return undefined;
  return contentType === CONTENT_TYPES.cbor ? decoder.decode(body) : JSON.parse(body.toString("utf8"));
}

function toJson(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return mapMembers(value, toJson);
}

function toCbor(value: unknown): unknown {
  if (value instanceof Date) return new Tag(value.getTime(), 1);
  if (value instanceof Uint8Array) return value;
  return mapMembers(value, toCbor);
}

function mapMembers(value: unknown, map: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (typeof value !== "object" || value === null) return value;
  // `fromEntries` keeps a member named `__proto__`.
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member)]));
}
