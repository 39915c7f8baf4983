import { emulatedTokens, makeResources } from "../providers/resources.ts";
import type { ResourceRecord } from "./state-file.ts";

/** The emulated resources among `records` that the local cloud at `endpoint` no longer has, because its data was removed, say. */
export async function findMissing(
  records: readonly ResourceRecord[],
  endpoint: string,
): Promise<readonly ResourceRecord[]> {
  const find = makeResources(endpoint);
  const emulated = records.filter(({ type, id }) => id && (emulatedTokens as readonly string[]).includes(type));
  const seen = await Promise.all(
    emulated.map(async (record) => {
      const handler = await find(record.type);
      return { record, actual: await handler.read(record.id ?? "") };
    }),
  );
  return seen.filter(({ actual }) => actual === undefined).map(({ record }) => record);
}
