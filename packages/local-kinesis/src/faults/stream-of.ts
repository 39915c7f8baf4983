import type { KinesisContext } from "../context.ts";
import { streamNameOf } from "../physics/request-rates.ts";
import { parseShardIterator } from "../records/shard-iterator.ts";

/** The name of the stream that a call is about, by name, ARN or iterator, sound or not; `undefined` if it says none. */
export function streamOf({ catalogue, seal, now }: KinesisContext, input: Record<string, unknown>): string | undefined {
  const name = streamNameOf(input);
  const iterator = input["ShardIterator"];
  if (name !== undefined || typeof iterator !== "string") return name;
  try {
    return catalogue.findById(parseShardIterator(seal, now(), iterator).streamId)?.state.name;
  } catch {
    return undefined; // It is the operation that refuses the iterator.
  }
}
