import { Decoder, Encoder, Tag } from "cbor-x";

/** How a body is written, and the media type that says so. */
export interface Protocol {
  readonly name: "json" | "cbor";
  readonly contentType: string;
}

const CBOR: Protocol = { name: "cbor", contentType: "application/x-amz-cbor-1.1" };
const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  [CBOR.contentType, CBOR],
  ["application/x-amz-json-1.0", { name: "json", contentType: "application/x-amz-json-1.0" }],
  ["application/x-amz-json-1.1", { name: "json", contentType: "application/x-amz-json-1.1" }],
]);

/** In CBOR a timestamp is tag 1 with whole milliseconds, unlike RFC 8949's seconds. Source: aws-sdk-java-v2, AwsCborProtocolFactory. */
const EPOCH_TAG = 1;

/** `int64AsNumber` is an option of cbor-x's decoder that its types lack; without it tag 1 over 64 bits throws. */
const decodeOptions = { useRecords: false, mapsAsObjects: true, int64AsNumber: true };
const decoder = new Decoder(decodeOptions);
const encoder = new Encoder({ useRecords: false, mapsAsObjects: true, variableMapSize: true, tagUint8Array: false });

/** The protocol of a `content-type`, parameters ignored, or `undefined` if this server does not speak it. */
export function findProtocol(contentType: string | undefined): Protocol | undefined {
  return contentType === undefined
    ? undefined
    : (PROTOCOLS.get(contentType) ?? PROTOCOLS.get((contentType.split(";")[0] ?? "").trim().toLowerCase()));
}

/** Decodes a request body; throws if it is not a structure. Timestamps come out as epoch seconds in either protocol. */
export function decodeInput(protocol: Protocol, body: Buffer): Record<string, unknown> {
  const value: unknown = protocol.name === "json" ? JSON.parse(body.toString("utf8")) : decoder.decode(body);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("the body is not a structure");
  }
  return protocol.name === "json" ? (value as Record<string, unknown>) : datesToSeconds(value);
}

/** Encodes an answer: `Uint8Array` as blob, `Date` as timestamp, `undefined` members left out. */
export function encodeOutput(protocol: Protocol, value: unknown): string | Uint8Array {
  if (value === undefined) return "";
  return protocol.name === "json" ? JSON.stringify(toJson(value)) : encoder.encode(toCbor(value));
}

function toJson(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? Number(value) : value;
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  }
  return mapStructure(value, toJson);
}

function toCbor(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return new Tag(value.getTime(), EPOCH_TAG);
  if (value instanceof Uint8Array) return value;
  return mapStructure(value, toCbor);
}

/** cbor-x reads tag 1 as seconds, so a date of an AWS client lies a factor of 1,000 ahead: its "milliseconds" are microseconds. */
function datesToSeconds(value: object): Record<string, unknown> {
  for (const [key, member] of Object.entries(value)) {
    if (member instanceof Date) (value as Record<string, unknown>)[key] = member.getTime() / 1_000_000;
    else if (typeof member === "object" && member !== null && !Array.isArray(member) && !ArrayBuffer.isView(member)) {
      datesToSeconds(member as object);
    }
  }
  return value as Record<string, unknown>;
}

function mapStructure(value: object, map: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) if (member !== undefined) result[key] = map(member);
  return result;
}
