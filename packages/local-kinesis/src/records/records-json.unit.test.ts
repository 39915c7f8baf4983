import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeChunks, walkBlock } from "../log/block.ts";
import { createRecordsJson } from "./records-json.ts";

const ARRIVED_AT = 1_700_000_000_123;
const shard = { sequenceNumber: (index: number) => `number ${index}` };

interface Draft {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

function render(drafts: readonly Draft[], encryption: "KMS" | undefined, rest: object): unknown {
  const answer = createRecordsJson({ shard, encryption });
  let first = 1;
  for (const { bytes, count } of encodeChunks(drafts)) {
    walkBlock(bytes, { count, arrivedAt: ARRIVED_AT, place: bytes }, first, (span) => {
      answer.add(span);
      return true;
    });
    // As the reader does with the next block.
    bytes.fill(0);
    first += count;
  }
  return JSON.parse(Buffer.concat(answer.end(rest)).toString());
}

const shape = ({ partitionKey, data }: Draft, position: number, encryption: "KMS" | undefined) => ({
  ApproximateArrivalTimestamp: ARRIVED_AT / 1000,
  ...(partitionKey === "" ? {} : { PartitionKey: partitionKey }),
  SequenceNumber: `number ${position + 1}`,
  Data: Buffer.from(data).toString("base64"),
  ...(encryption ? { EncryptionType: encryption } : {}),
});

describe("records in JSON", () => {
  it("are what was put, whatever keys and data are", () => {
    const key = fc.oneof(fc.string({ unit: "binary", maxLength: 256 }), fc.string({ unit: "grapheme", maxLength: 40 }));
    const draft = fc.record({ partitionKey: key, data: fc.uint8Array({ maxLength: 300 }) });
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 20 }), fc.constantFrom("KMS", undefined), (drafts, encryption) => {
        const Records = drafts.map((one, position) => shape(one, position, encryption));
        expect(render(drafts, encryption, { MillisBehindLatest: 7 })).toEqual({ Records, MillisBehindLatest: 7 });
      }),
    );
  });

  it.each([1, 100_000, 196_000, 300_000, 3_000_000])(
    "are whole over the bounds of chunks, with %i bytes each",
    (bytes) => {
      const drafts = Array.from({ length: 5 }, (_, position) => ({
        partitionKey: '"\u0001é'.repeat(64),
        data: Buffer.alloc(bytes, position),
      }));
      const Records = drafts.map((one, position) => shape(one, position, undefined));
      expect(render(drafts, undefined, { Rest: "é".repeat(300) })).toEqual({ Records, Rest: "é".repeat(300) });
    },
  );
});
