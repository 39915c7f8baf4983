import type { BindContext } from "../sql/bind-context.ts";
import { SqlError } from "../sql/sql-error.ts";
import { isRelation, type Catalogue } from "./catalogue.ts";
import type { RelationObject, TableObject } from "./catalogue-object.ts";
import type { LockKey, LockMode } from "./locks.ts";
import { noRelation, type FoundRelation } from "./relation-lookup.ts";

/** What finding and locking relations needs of a session. */
export interface LockingSession {
  /** The catalogue that the session sees, and the one that is committed. */
  readonly seen: () => Catalogue;
  readonly committed: () => Catalogue;
  readonly temporary: ReadonlyMap<string, TableObject>;
  /** Whether the snapshot is taken. */
  readonly isBegun: () => boolean;
  readonly hasChanged: (oid: number) => boolean;
  /** Resolves to whether the lock had to be waited for; then the catalogue may have moved on. */
  readonly lock: (key: LockKey, mode: LockMode, signal: AbortSignal | undefined) => Promise<boolean>;
}

/** Makes a context for binding that tells of each relation it finds. */
type Bind = (onFound: (found: FoundRelation, depth: number) => void) => BindContext;

/** Binds, and takes share locks on all that is read; binds again on what is there then when a lock had to be waited for. */
export async function bindLocked<Built>(
  session: LockingSession,
  bind: Bind,
  build: (context: BindContext) => Built,
  signal: AbortSignal | undefined,
): Promise<{ built: Built; found: readonly FoundRelation[] }> {
  for (;;) {
    const direct: FoundRelation[] = [];
    const all = new Set<number>();
    const built = build(
      bind((found, depth) => {
        if (depth === 0) direct.push(found);
        if (found.kind !== "stream") all.add(found.oid);
      }),
    );
    const before = session.seen();
    let waited = false;
    for (const oid of all) waited = (await session.lock(oid, "share", signal)) || waited;
    if (waited) checkMoved(session, direct, all, before);
    if (session.isBegun()) checkDropped(session, direct, all);
    if (!waited || session.isBegun()) return { built, found: direct };
  }
}

/**
 * After a wait for a lock the relations may be others than their names stood for: dropped ones fail with their number, renamed ones are
 * not there. Source: dbt-labs/dbt-adapters#2162, dbt-labs/dbt-core#3112.
 */
function checkMoved(
  session: LockingSession,
  direct: readonly FoundRelation[],
  all: ReadonlySet<number>,
  before: Catalogue,
): void {
  const committed = session.committed();
  for (const oid of all) if (before.get(oid) !== undefined && committed.get(oid) === undefined) throw relationGone(oid);
  for (const { name, oid } of direct) {
    const [was, is] = [before.get(oid), committed.get(oid)];
    if (was === undefined || is === undefined || !isRelation(was) || !isRelation(is)) continue;
    if (was.name !== is.name || was.schema !== is.schema) throw noRelation(name.split("."));
  }
}

/** What others have dropped is gone for a transaction whose snapshot still has it. Source: Database Developer Guide, c_serial_isolation. */
function checkDropped(session: LockingSession, direct: readonly FoundRelation[], all: ReadonlySet<number>): void {
  const isGone = (oid: number) =>
    session.seen().get(oid) !== undefined && session.committed().get(oid) === undefined && !session.hasChanged(oid);
  for (const one of direct) if (isGone(one.oid)) throw notThere(one);
  for (const oid of all) if (isGone(oid)) throw relationGone(oid);
}

function notThere({ kind, name }: FoundRelation): SqlError {
  if (kind !== "function") return noRelation(name.split("."));
  return new SqlError(`function ${name} does not exist`, { sqlState: "42883" });
}

/** Looks up a relation to be changed and locks it; `undefined` when there is none. */
export async function lockTarget(
  session: LockingSession,
  bind: Bind,
  name: readonly string[],
  mode: LockMode,
  signal: AbortSignal | undefined,
): Promise<RelationObject | undefined> {
  for (;;) {
    const found = find(session, bind, name);
    if (found === undefined) return undefined;
    const waited = await session.lock(found.oid, mode, signal);
    const isPermanent = ![...session.temporary.values()].includes(found as TableObject);
    if (waited && isPermanent && session.committed().get(found.oid) === undefined) throw relationGone(found.oid);
    if (!waited || session.isBegun()) return found;
  }
}

function find(session: LockingSession, bind: Bind, name: readonly string[]): RelationObject | undefined {
  let oid: number | undefined;
  try {
    bind((found) => (oid ??= found.kind === "stream" ? undefined : found.oid)).findRelation(name);
  } catch (error) {
    if (error instanceof SqlError && (error.sqlState === "42P01" || error.sqlState === "3F000")) return undefined;
    throw error;
  }
  const temporary = [...session.temporary.values()].find((table) => table.oid === oid);
  if (oid === undefined) throw new SqlError(`"${name.at(-1)}" is a system relation or a stream`, { sqlState: "42501" });
  const object = temporary ?? session.seen().get(oid);
  return object !== undefined && isRelation(object) ? object : undefined;
}

/** UNCONFIRMED for writers: `table n dropped by concurrent transaction` was seen in 2018 [dbt-labs/dbt-core#825]. */
function relationGone(oid: number): SqlError {
  return new SqlError(`could not open relation with OID ${oid}`, { sqlState: "42P01" });
}
