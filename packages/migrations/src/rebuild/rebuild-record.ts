import type { Warehouse } from "@millrace/warehouse";
import type { Run } from "../ledger.ts";
import { quoteLiteral } from "../placeholders.ts";
import { isMissing } from "../statement-errors.ts";
import { viewName } from "./rebuild-names.ts";
import type { RebuildTarget } from "./rebuild-names.ts";

/**
 * How far a rebuild is. `begun`: the next view may be there, everybody reads the old one. `switched`: everybody reads the next one, the old one is
 * there still. `finished`: the old one is dropped. `undoing`: everybody reads the old one again, the next one may be there still. `undone`: it is dropped.
 */
export type RebuildState = "begun" | "switched" | "finished" | "undoing" | "undone";

/** One rebuild as the warehouse remembers it. */
export interface RebuildRecord {
  /** From 1. */
  readonly number: number;
  readonly oldName: string;
  readonly nextName: string;
  readonly state: RebuildState;
  /** Whether the old view refreshed by itself, which an undo gives back. */
  readonly wasAutoRefreshed: boolean;
}

const table = "millrace.rebuilds";

/** Makes the table of rebuilds, as the first statement of the transaction that needs it. */
export const createRecords = `CREATE TABLE IF NOT EXISTS ${table} (
  number INTEGER NOT NULL,
  reader VARCHAR(128) NOT NULL,
  old_name VARCHAR(128) NOT NULL,
  next_name VARCHAR(128) NOT NULL,
  state VARCHAR(16) NOT NULL,
  was_auto_refreshed BOOLEAN NOT NULL,
  who VARCHAR(1024) NOT NULL,
  begun_at TIMESTAMP NOT NULL,
  changed_at TIMESTAMP NOT NULL
)`;

/** All rebuilds behind a reader view, the first one first. */
export async function readRecords(warehouse: Warehouse, target: RebuildTarget): Promise<readonly RebuildRecord[]> {
  try {
    const { rows } = await warehouse.query(
      `SELECT number, old_name, next_name, state, was_auto_refreshed FROM ${table} WHERE reader = ${quoteLiteral(readerOf(target))} ORDER BY number`,
    );
    return rows.map(([number, oldName, nextName, state, wasAutoRefreshed]) => ({
      number: Number(number),
      oldName: String(oldName),
      nextName: String(nextName),
      state: String(state) as RebuildState,
      wasAutoRefreshed: wasAutoRefreshed === true,
    }));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The streaming view that everybody reads once the given rebuilds are what they say. */
export function currentView(target: RebuildTarget, records: readonly RebuildRecord[]): string {
  const last = records.findLast(({ state }) => state === "switched" || state === "finished");
  return last?.nextName ?? target.streamingView;
}

/** A rebuild that is not over. */
export const openRecord = (records: readonly RebuildRecord[]): RebuildRecord | undefined =>
  records.find(({ state }) => state !== "finished" && state !== "undone");

/** The next rebuild; no two have the same view names. */
export function nextRecord(
  target: RebuildTarget,
  records: readonly RebuildRecord[],
  wasAutoRefreshed: boolean,
): RebuildRecord {
  const number = records.length + 1;
  const oldName = currentView(target, records);
  return { number, oldName, nextName: viewName(target, number + 1), state: "begun", wasAutoRefreshed };
}

export function insertRecord(target: RebuildTarget, record: RebuildRecord, { who }: Run): string {
  const { number, oldName, nextName, state, wasAutoRefreshed } = record;
  const texts = [readerOf(target), oldName, nextName, state].map(quoteLiteral).join(", ");
  return `INSERT INTO ${table} VALUES (${number}, ${texts}, ${wasAutoRefreshed}, ${quoteLiteral(who)}, GETDATE(), GETDATE())`;
}

export function moveRecord(target: RebuildTarget, { number }: RebuildRecord, state: RebuildState): string {
  return `UPDATE ${table} SET state = ${quoteLiteral(state)}, changed_at = GETDATE() WHERE reader = ${quoteLiteral(readerOf(target))} AND number = ${number}`;
}

const readerOf = ({ schema, reader }: RebuildTarget) => `${schema}.${reader}`;
