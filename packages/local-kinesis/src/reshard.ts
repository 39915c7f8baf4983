import type { KinesisContext } from "./context.ts";
import { resourceInUse } from "./errors.ts";
import { FIRST_INDEX } from "./log/shard-log.ts";
import type { Turn } from "./resharding.ts";
import type { ShardState, Stream } from "./stream.ts";

/**
 * Changes the shards of a stream between two puts: those that came before are committed to the shards they knew, those
 * that come after wait and meet the new ones. Throws `ResourceInUseException` while another change is under way.
 */
export async function reshard(
  { catalogue, writer, accountId, now }: KinesisContext,
  { state: { id, name } }: Stream,
  change: (shards: readonly ShardState[], turn: Turn) => readonly ShardState[],
): Promise<void> {
  if (catalogue.held(id)) {
    throw resourceInUse(`Stream ${name} under account ${accountId} not ACTIVE, instead in state UPDATING`);
  }
  const release = catalogue.hold(id);
  try {
    await writer.settled();
    const stream = catalogue.findById(id);
    if (!stream) return;
    const nextIndexOf = (index: number): number => stream.shards[index]?.log.nextIndex ?? FIRST_INDEX;
    await catalogue.update({ ...stream.state, shards: change(stream.state.shards, { at: now(), nextIndexOf }) });
  } finally {
    release();
  }
}
