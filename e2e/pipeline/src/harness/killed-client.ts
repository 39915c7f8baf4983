import type { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import type { WarehouseClient } from "@millrace/warehouse";

/** How the process that migrates is killed at one of its calls: before it sends it, while it waits for the answer, when it has it. */
export type Death = "before" | "inside" | "after";

export const deaths: readonly Death[] = ["before", "inside", "after"];

/** A client of a process that is killed at its call of that number, from 1. */
export function killed(
  client: RedshiftDataClient,
  at: number,
  death: Death,
): WarehouseClient & { readonly isDead: boolean } {
  let calls = 0;
  const send = async (...args: unknown[]): Promise<unknown> => {
    calls += 1;
    const answer = (): Promise<unknown> => (client.send as (...args: unknown[]) => Promise<unknown>)(...args);
    if (calls < at) return answer();
    if (calls === at && death === "inside") answer().catch(() => undefined);
    if (calls === at && death === "after") await answer();
    throw new Error("killed");
  };
  return {
    send: send as WarehouseClient["send"],
    get isDead() {
      return calls >= at;
    },
  };
}
