import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** A lock held by this process. */
export interface DirectoryLock {
  /** A second call does nothing, whoever holds the lock by then. */
  release(): void;
}

const heldFiles = new Set<string>();

/**
 * Takes a lock file that holds the pid of its owner and when that process started. A lock whose process is gone (killed
 * with `kill -9`, say) is taken over, also when its pid has been given to another process since.
 * Throws an Error that says what is in use and names the pid when the owner is alive.
 */
export function acquireLock(file: string, what: string): DirectoryLock {
  const path = resolve(file);
  mkdirSync(dirname(path), { recursive: true });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (createWhole(path, `${process.pid} ${startOf(process.pid) ?? ""}`)) {
      heldFiles.add(path);
      return { release: once(() => (heldFiles.delete(path), rmSync(path, { force: true }))) };
    }
    const owner = readOwner(path);
    if (owner && isHeld(path, owner)) {
      throw new Error(`${what} is in use by process ${owner.pid}: end that process first (lock file ${path}).`);
    }
    removeStale(path, owner);
  }
  throw new Error(`${what} is being taken by another process at this moment: try again (lock file ${path}).`);
}

function once(release: () => void): () => void {
  let isReleased = false;
  return () => {
    if (!isReleased) release();
    isReleased = true;
  };
}

/** Creates a file with its contents in one step, so that nobody reads a lock without its owner; false when there is one already. */
function createWhole(path: string, contents: string): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, contents, { flag: "wx", mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes the lock of `owner`, and puts back what another process has put there meanwhile. */
function removeStale(path: string, owner: Owner | undefined): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const removed = readOwner(aside);
  if (removed?.pid !== owner?.pid || removed?.start !== owner?.start) linkSync(aside, path);
  rmSync(aside, { force: true });
}

interface Owner {
  readonly pid: number;
  readonly start: string | undefined;
}

function readOwner(path: string): Owner | undefined {
  try {
    const [pid, start] = readFileSync(path, "utf8").trim().split(" ");
    return Number(pid) > 0 ? { pid: Number(pid), start: start || undefined } : undefined;
  } catch {
    return undefined;
  }
}

/** Where the start of a process is unknown, a lock with our pid may be of an earlier process that had it. */
function isHeld(path: string, owner: Owner): boolean {
  return owner.pid === process.pid && owner.start === undefined ? heldFiles.has(path) : isRunning(owner);
}

function isRunning({ pid, start }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const current = startOf(pid);
  return start === undefined || current === undefined || current === start;
}

/** Clock ticks from boot to the start of the process: field 22 of proc(5)'s stat; undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
