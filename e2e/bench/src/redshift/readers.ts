import { setTimeout as sleep } from "node:timers/promises";
import type { Warehouse } from "@millrace/warehouse";

const READER_COUNT = 2;
const EVERY_MS = 100;
/** What a chart asks of a typed view. */
export const TYPED_GROUP_BY =
  "SELECT event_name, COUNT(*), AVG(user_id::FLOAT), MAX(event_time) FROM public.activity GROUP BY 1 ORDER BY 1";

/** Readers that ask the typed view's group-by at a steady pace, until stopped; stopping answers how long each answer took, in milliseconds. */
export function startReaders(warehouse: Warehouse): { stop(): Promise<number[]> } {
  let stopped = false;
  const times: number[] = [];
  const read = async (): Promise<void> => {
    while (!stopped) {
      const startedAt = performance.now();
      await warehouse.query(TYPED_GROUP_BY);
      const took = performance.now() - startedAt;
      times.push(took);
      await sleep(Math.max(0, EVERY_MS - took));
    }
  };
  const readers = Array.from({ length: READER_COUNT }, read);
  return {
    async stop() {
      stopped = true;
      await Promise.all(readers);
      return times;
    },
  };
}
