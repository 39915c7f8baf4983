import { WireError } from "@millrace/local-wire";
import { readAnySequenceNumber } from "../records/any-sequence-number.ts";
import { encryptionType } from "../streams/descriptions.ts";
import { endDryRun } from "../dry-run.ts";
import { invalidArgument } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { putEntries } from "../records/put.ts";
import type { PutEntry } from "../records/put.ts";
import { resolveReadyStream } from "../streams/stream-address.ts";
import type { StreamAddress } from "../streams/stream-address.ts";
import { dryRun, hashKey, sequenceNumber, streamAddress } from "../validation/shape.ts";

interface Input extends StreamAddress, PutEntry {
  readonly SequenceNumberForOrdering?: string | null;
  readonly DryRun?: boolean | null;
}

/** Stores one record. Sequence numbers grow along a shard in any case, so `SequenceNumberForOrdering` is only checked. */
export const putRecord = defineOperation<Input>({
  name: "PutRecord",
  input: {
    SequenceNumberForOrdering: sequenceNumber,
    PartitionKey: { type: "String", minLength: 1, maxLength: 256 },
    ExplicitHashKey: hashKey,
    Data: { type: "Blob", required: true },
    ...streamAddress,
    DryRun: dryRun,
  },
  async run(context, input) {
    const stream = resolveReadyStream(context, input);
    const ordering = input.SequenceNumberForOrdering;
    if (ordering != null) {
      const parsed = readAnySequenceNumber(ordering);
      // New shards are dated ahead, and what arrives in them with them.
      const newest = Math.max(context.now() / 1000, ...stream.openShards.map(({ state }) => state.createdSecond));
      if (!parsed || (parsed.arrivedSecond ?? 0) > newest) {
        throw invalidArgument(
          `ExclusiveMinimumSequenceNumber ${ordering} used in PutRecord on stream ${stream.state.name} ` +
            `under account ${context.accountId} is invalid.`,
        );
      }
    }
    endDryRun(input);
    const [outcome] = await putEntries(context, stream, [input], () => "data");
    if (outcome === undefined || "errorCode" in outcome) {
      throw new WireError("ProvisionedThroughputExceededException", outcome?.errorMessage ?? "");
    }
    return {
      ShardId: outcome.shardId,
      SequenceNumber: outcome.sequenceNumber,
      EncryptionType: encryptionType(stream) === "KMS" ? "KMS" : undefined,
    };
  },
});
