import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPutRecords } from "./read-put-records.ts";

/** As `JSON.parse` would have it. */
function read(body: string | Uint8Array): unknown {
  const input = readPutRecords(Buffer.from(body));
  if (!input) return undefined;
  return { ...input, Records: input.Records.map((record) => ({ ...record, Data: String(record.Data) })) };
}

const BODY = {
  Records: [
    { Data: "aGVsbG8=", PartitionKey: "a" },
    { PartitionKey: "kéy {[]}", Data: "" },
  ],
  StreamName: "s",
};

describe("a PutRecords of data and keys", () => {
  it.each([
    ["as the SDK for JavaScript writes it", JSON.stringify(BODY)],
    [
      "as boto3 writes it",
      JSON.stringify(BODY).replaceAll('":', '": ').replaceAll(',"', ', "').replaceAll("},", "}, "),
    ],
    ["with lines", JSON.stringify({ StreamName: BODY.StreamName, Records: BODY.Records }, undefined, "\t")],
    ["between lines", `\r\n ${JSON.stringify(BODY)}\t\n`],
  ])("is read %s", (_, body) => {
    expect(JSON.parse(body)).toEqual(BODY);
    expect(read(body)).toEqual(BODY);
  });

  it.each([
    "",
    "{}",
    "[]",
    '{"StreamName":"s"}',
    '{"Records":[],"StreamName":"s"}',
    '{"Records":[{"Data":"","PartitionKey":"k"}]}',
    '{"Records":[{"Data":"","PartitionKey":"k"}],"StreamName":"s"',
    '{"Records":[{"Data":"","PartitionKey":"k"}],"StreamName":"s"}}',
    '{"Records":[{"Data":"","PartitionKey":"k"},],"StreamName":"s"}',
    '{"Records":[{"Data":"","PartitionKey":"k"}],"StreamName":"s",}',
    '{"Records":[{"Data":"","PartitionKey":"k"}],"StreamName":"s","StreamName":"t"}',
    '{"Records":[{"Data":"","PartitionKey":"k","PartitionKey":"l"}],"StreamName":"s"}',
    '{"Records":[{"Data":"","PartitionKey":"k","ExplicitHashKey":"1"}],"StreamName":"s"}',
    '{"Records":[{"Data":"","PartitionKey":"\\u0041"}],"StreamName":"s"}',
    '{"Records":[{"Data":"\\/\\/==","PartitionKey":"k"}],"StreamName":"s"}',
    '{"Records":[{"Data":"","PartitionKey":"k\n"}],"StreamName":"s"}',
    '{"Records":[{"Data":null,"PartitionKey":"k"}],"StreamName":"s"}',
    '{"Records":[{"Data":"","PartitionKey":1}],"StreamName":"s"}',
    '{"Records":[{"Data":""}],"StreamName":"s"}',
    '{"Records":null,"StreamName":"s"}',
    '{"Records":[{"Data":"","PartitionKey":"k"}],"StreamName":"s","StreamARN":"arn"}',
    '{"Records":[{"Data":"","PartitionKey":"k"}],"StreamName":"s',
    '{"Records":[{"Data":"',
    '\ufeff{"Records":[{"Data":"","PartitionKey":"k"}],"StreamName":"s"}',
  ])("is left to others where it is %s", (body) => {
    expect(read(body)).toBeUndefined();
  });

  it("is read as JSON.parse reads it, or left to it, whatever became of its bytes", () => {
    const record = fc.record({ Data: fc.base64String({ maxLength: 20 }), PartitionKey: fc.string({ maxLength: 8 }) });
    const body = fc.record({ Records: fc.array(record, { minLength: 1, maxLength: 3 }), StreamName: fc.string() });
    const damage = fc.record({
      at: fc.nat({ max: 200 }),
      removed: fc.nat({ max: 3 }),
      added: fc.oneof(
        fc.constantFrom("", '"', ",", "{", "}", "]", ":", "\n", " ", "null", '"Data":"",', '"StreamName":"t",'),
        fc.string({ maxLength: 2 }),
      ),
    });
    let readCount = 0;
    fc.assert(
      fc.property(body, fc.array(damage, { maxLength: 2 }), (input, damages) => {
        let text = JSON.stringify(input);
        for (const { at, removed, added } of damages) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + added + text.slice(place + removed);
        }
        const found = read(text);
        if (found === undefined) return;
        readCount += 1;
        // What stands between the quotes of data is for who decodes it, and no base64 then.
        const isBinary = (found as typeof input).Records.some(({ Data }) => /[^ -~]/.test(Data));
        if (!isBinary) expect(found).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
    expect(readCount).toBeGreaterThan(200);
  });
});
