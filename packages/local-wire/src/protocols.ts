import { Encoder, Tag } from "cbor-x";
import { decodeCbor } from "./cbor-decoder.ts";

/** How a body is written, and the media type that says so. */
export interface Protocol {
  readonly name: "json" | "cbor";
  readonly contentType: string;
}

export const JSON_PROTOCOL: Protocol = { name: "json", contentType: "application/x-amz-json-1.1" };
export const CBOR_PROTOCOL: Protocol = { name: "cbor", contentType: "application/x-amz-cbor-1.1" };

/**
 * Most levels of lists and structures in a request: what Jackson, which AWS's Java services parse with, takes by default
 * (not confirmed on AWS). What AWS's services take is less than ten levels deep.
 */
const MAX_DEPTH = 1000;

/** In CBOR a timestamp is tag 1 with whole milliseconds; see `cbor-decoder.ts`. */
const EPOCH_TAG = 1;

const encoder = new Encoder({ useRecords: false, mapsAsObjects: true, variableMapSize: true, tagUint8Array: false });

/** A media type without its parameters, empty if there is none. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType?.split(";", 1)[0] ?? "").trim().toLowerCase();
}

/** The protocol of a media type, or `undefined` if this server does not speak it. */
export function findProtocol(mediaType: string): Protocol | undefined {
  if (mediaType === JSON_PROTOCOL.contentType) return JSON_PROTOCOL;
  return mediaType === CBOR_PROTOCOL.contentType ? CBOR_PROTOCOL : undefined;
}

/** Decodes a request body; throws if it is not a structure. Timestamps come out as epoch seconds in either protocol. */
export function decodeInput(protocol: Protocol, body: Buffer): Record<string, unknown> {
  const value: unknown = protocol.name === "json" ? JSON.parse(body.toString("utf8")) : decodeCbor(body, MAX_DEPTH);
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw new TypeError("the body is not a structure");
  }
  // The parser of JSON needs no stack for depth; what works on the input would.
  if (protocol.name === "json" && isDeeper(value, MAX_DEPTH)) throw new TypeError("the body is nested too deeply");
  return value as Record<string, unknown>;
}

/** Encodes an answer: `Uint8Array` as blob, `Date` as timestamp, `undefined` members left out. */
export function encodeOutput(protocol: Protocol, value: unknown): string | Uint8Array {
  if (value === undefined) return "";
  return protocol.name === "json" ? JSON.stringify(toJson(value)) : encoder.encode(toCbor(value));
}

/** Whether lists and structures are nested in more levels than these. */
function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((member) => isDeeperMember(member, levels));
  // `for in` makes no array of the members, as it would for each of 500 records; for lists it is slow.
  for (const name in value) if (isDeeperMember((value as Record<string, unknown>)[name], levels)) return true;
  return false;
}

function isDeeperMember(member: unknown, levels: number): boolean {
  return typeof member === "object" && member !== null && isDeeper(member, levels - 1);
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
  if (typeof value === "number") return asInteger(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return new Tag(asInteger(value.getTime()), EPOCH_TAG);
  if (value instanceof Uint8Array) return value;
  return mapStructure(value, toCbor);
}

/** cbor-x writes whole numbers of more than 32 bits as doubles; as a bigint they become the integers that clients expect. */
function asInteger(value: number): number | bigint {
  return Number.isSafeInteger(value) && Math.abs(value) >= 2 ** 32 ? BigInt(value) : value;
}

function mapStructure(value: object, map: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) if (member !== undefined) result[key] = map(member);
  return result;
}
