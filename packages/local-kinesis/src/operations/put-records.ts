import { SerializedAnswer } from "@millrace/local-wire";
import { Base64Bytes, blobLength } from "../records/blob.ts";
import { encryptionType } from "../streams/descriptions.ts";
import { endDryRun } from "../dry-run.ts";
import { invalidArgument } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { putEntries } from "../records/put.ts";
import type { PutEntry, PutOutcome } from "../records/put.ts";
import { readPutRecords } from "../records/read-put-records.ts";
import { resolveReadyStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { dryRun, hashKey, streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress {
  readonly Records: readonly PutEntry[];
  readonly DryRun?: boolean | null;
}

/** Source: Kinesis API reference, PutRecords. */
const MAX_RECORDS = 500;
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
const MAX_KEY_LENGTH = 256;

/** Stores up to 500 records, in one transaction. */
export const putRecords = defineOperation<Input>({
  name: "PutRecords",
  input: {
    Records: {
      type: "List",
      required: true,
      minLength: 1,
      maxLength: MAX_RECORDS,
      memberText: "com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310",
      member: {
        type: "Structure",
        members: {
          PartitionKey: { type: "String", minLength: 1, maxLength: MAX_KEY_LENGTH },
          ExplicitHashKey: hashKey,
          Data: { type: "Blob", required: true },
        },
      },
    },
    ...streamAddress,
    DryRun: dryRun,
  },
  readJson: readPutRecords,
  isOrdinary({ StreamName, StreamARN, StreamId, DryRun, Records }) {
    return (
      StreamARN === undefined &&
      StreamId === undefined &&
      DryRun === undefined &&
      typeof StreamName === "string" &&
      StreamName !== "" &&
      Array.isArray(Records) &&
      Records.length >= 1 &&
      Records.length <= MAX_RECORDS &&
      Records.every(isOrdinaryRecord)
    );
  },
  async run(context, input, request) {
    const stream = resolveReadyStream(context, input);
    checkRequestSize(input.Records);
    endDryRun(input);
    const outcomes = await putEntries(
      context,
      stream,
      input.Records,
      (position) => `records.${position + 1}.member.data`,
      context.faults.forRecords(stream.state.name),
    );
    const failed = outcomes.reduce((count, outcome) => count + ("errorCode" in outcome ? 1 : 0), 0);
    const encryption = encryptionType(stream) === "KMS" ? "KMS" : undefined;
    if (request.protocol === "json") return new SerializedAnswer(Buffer.from(renderJson(outcomes, failed, encryption)));
    return { EncryptionType: encryption, FailedRecordCount: failed, Records: outcomes.map(toResultEntry) };
  },
});

/** A record that needs no check of its constraints. What is wrong with base64 shows when it is decoded. */
function isOrdinaryRecord(record: PutEntry | null): boolean {
  return (
    typeof record === "object" &&
    record !== null &&
    isOrdinaryKey(record.PartitionKey) &&
    isOrdinaryBlob(record.Data) &&
    record.ExplicitHashKey === undefined
  );
}

function isOrdinaryBlob(data: unknown): boolean {
  if (typeof data === "string") return data.length % 4 === 0;
  return data instanceof Base64Bytes ? (data.end - data.start) % 4 === 0 : data instanceof Uint8Array;
}

function isOrdinaryKey(key: unknown): boolean {
  return key === undefined || (typeof key === "string" && key.length >= 1 && key.length <= MAX_KEY_LENGTH);
}

function checkRequestSize(records: readonly PutEntry[]): void {
  let bytes = 0;
  for (const record of records) bytes += blobLength(record.Data) + Buffer.byteLength(record.PartitionKey ?? "");
  // AWS's text of when the limit was 5 MB; the present one is not confirmed.
  if (bytes > MAX_REQUEST_BYTES) throw invalidArgument("Records size exceeds 10 MB limit");
}

/** By hand, because a request of 500 records has an answer of 500: sequence numbers and shard ids need no escaping. */
function renderJson(outcomes: readonly PutOutcome[], failed: number, encryption: string | undefined): string {
  let text = `{${encryption ? `"EncryptionType":"${encryption}",` : ""}"FailedRecordCount":${failed},"Records":[`;
  let separator = "";
  for (const outcome of outcomes) {
    text +=
      "errorCode" in outcome
        ? separator + JSON.stringify(toResultEntry(outcome))
        : `${separator}{"SequenceNumber":"${outcome.sequenceNumber}","ShardId":"${outcome.shardId}"}`;
    separator = ",";
  }
  return `${text}]}`;
}

function toResultEntry(outcome: PutOutcome) {
  return "errorCode" in outcome
    ? { ErrorCode: outcome.errorCode, ErrorMessage: outcome.errorMessage }
    : { SequenceNumber: outcome.sequenceNumber, ShardId: outcome.shardId };
}
