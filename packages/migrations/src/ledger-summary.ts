import { createHash } from "node:crypto";
import type { LedgerRow } from "./ledger.ts";
import type { ListedMigration } from "./provider-inputs.ts";

/** What the resource's outputs say of a ledger. */
export interface LedgerSummary {
  /**
   * The applied migrations: those of `order` in its order, then versioned ones that it lacks. Repeatable files that a project has dropped leave
   * their rows in the ledger; they are no drift.
   */
  readonly migrations: readonly ListedMigration[];
  readonly migrationsApplied: number;
  readonly ledgerChecksum: string;
}

/** Sums up a ledger, or the lack of one. The checksum does not depend on the order. */
export function summarizeLedger(
  ledger: ReadonlyMap<string, LedgerRow> | undefined,
  order: readonly string[],
): LedgerSummary {
  const place = new Map(order.map((name, index) => [name, index]));
  const applied = [...(ledger?.values() ?? [])].filter(
    ({ name, kind, state }) => state === "applied" && (place.has(name) || kind === "versioned"),
  );
  const placeOf = (name: string) => place.get(name) ?? order.length;
  const byName = (a: LedgerRow, b: LedgerRow) => (a.name < b.name ? -1 : 1);
  const migrations = applied
    .sort((a, b) => placeOf(a.name) - placeOf(b.name) || byName(a, b))
    .map(({ name, checksum }) => ({ name, checksum }));
  const lines = migrations.map(({ name, checksum }) => `${name} ${checksum}`).sort();
  return {
    migrations,
    migrationsApplied: applied.length,
    ledgerChecksum: createHash("sha256").update(lines.join("\n")).digest("hex"),
  };
}
