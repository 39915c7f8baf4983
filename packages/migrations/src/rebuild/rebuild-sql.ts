import { check } from "../ledger.ts";
import { quoteIdentifier } from "../placeholders.ts";
import { archiveOf, qualified } from "./rebuild-names.ts";
import type { RebuildTarget } from "./rebuild-names.ts";
import type { RebuildRecord } from "./rebuild-record.ts";

/** Sequence numbers have 56 digits, more than any number type: as text they compare once they are equally long. */
const position = (relation: string) => `LPAD(${relation}.sequence_number, 128, '0')`;

/** What the reader view is: the streaming view, and what was archived of earlier ones. */
export function replaceReader(
  target: RebuildTarget,
  source: string,
  columns: readonly string[],
  hasArchive: boolean,
): string {
  const names = columns.map(quoteIdentifier).join(", ");
  const from = (name: string) => `SELECT ${names} FROM ${qualified(target, name)}`;
  const parts = [...(hasArchive ? [from(archiveOf(target))] : []), from(source)];
  return `CREATE OR REPLACE VIEW ${qualified(target, target.reader)} AS ${parts.join(" UNION ALL ")}`;
}

/** The archive: the reader's columns as the old view has them, and the rebuild that put a row there. */
export function createArchive(target: RebuildTarget, oldName: string, columns: readonly string[]): string {
  const names = columns.map(quoteIdentifier).join(", ");
  return `CREATE TABLE ${qualified(target, archiveOf(target))} AS SELECT ${names}, 0::INTEGER AS rebuild FROM ${qualified(target, oldName)} WHERE FALSE`;
}

/** Puts the rows into the archive that the next view cannot have: those of shards that are gone, and those before its first of a shard. */
export function archiveRows(target: RebuildTarget, record: RebuildRecord, columns: readonly string[]): string {
  const names = columns.map(quoteIdentifier);
  return `INSERT INTO ${qualified(target, archiveOf(target))} (${[...names, "rebuild"].join(", ")})
SELECT ${names.map((name) => `o.${name}`).join(", ")}, ${record.number}
FROM ${qualified(target, record.oldName)} AS o
LEFT JOIN (${extremes(target, record.nextName)}) AS n ON n.shard_id = o.shard_id
WHERE n.first IS NULL OR ${position("o")} < n.first`;
}

/** Takes the rows of a rebuild out of the archive. */
export const unarchiveRows = (target: RebuildTarget, { number }: RebuildRecord) =>
  `DELETE FROM ${qualified(target, archiveOf(target))} WHERE rebuild = ${number}`;

/** Shards that both views have, where the next one has not come as far as the old one. */
function shardsBehind(target: RebuildTarget, record: RebuildRecord): string {
  return `(${joined(target, record, "INNER", "n.last < o.last")}) AS behind`;
}

/** Fails while the next view is behind, so that no reader sees rows disappear. */
export const failIfBehind = (target: RebuildTarget, record: RebuildRecord) =>
  check("COUNT(*) = 0", shardsBehind(target, record), "the next view is behind the old one");

/** Shards of the old view that the next one is behind in or has nothing of. */
export function shardsToCatchUp(target: RebuildTarget, record: RebuildRecord): string {
  return joined(target, record, "LEFT", "n.last IS NULL OR n.last < o.last");
}

/**
 * Shards in which the next view begins behind the old one's end: what lies between had expired before anybody read it, or the two meet without a row in
 * common, which cannot be told apart.
 */
export function shardsWithGap(target: RebuildTarget, record: RebuildRecord): string {
  return joined(target, record, "INNER", "n.first > o.last");
}

function joined(target: RebuildTarget, { oldName, nextName }: RebuildRecord, join: "INNER" | "LEFT", where: string) {
  return `SELECT TRIM(o.shard_id) AS shard_id FROM (${extremes(target, oldName)}) AS o ${join} JOIN (${extremes(target, nextName)}) AS n ON n.shard_id = o.shard_id WHERE ${where}`;
}

/** First and last position of each shard in a view. */
const extremes = (target: RebuildTarget, name: string) =>
  `SELECT r.shard_id, MIN(${position("r")}) AS first, MAX(${position("r")}) AS last FROM ${qualified(target, name)} AS r GROUP BY r.shard_id`;
