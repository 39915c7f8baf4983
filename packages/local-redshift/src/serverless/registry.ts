import { join } from "node:path";
import {
  emptyState,
  type NamespaceRecord,
  type ServerlessState,
  type Transition,
  type WorkgroupRecord,
} from "./state.ts";
import { readState, writeState } from "./state-file.ts";

const stateFileName = "serverless.json";

/** The namespaces, workgroups and usage limits of one directory. */
export interface Registry {
  /** The state as it is at this moment; not to be changed by the reader. */
  readonly state: ServerlessState;
  /**
   * Changes the state: changes run one after another, each on a draft that is stored before it counts.
   * When `act` or the write throws, the state stays as it was.
   */
  change<T>(act: (draft: ServerlessState) => T | Promise<T>): Promise<T>;
  /** A namespace that is not gone, by name. */
  findNamespace(namespaceName: string): NamespaceRecord | undefined;
  /** A namespace that is not gone, by id. */
  findNamespaceById(namespaceId: string): NamespaceRecord | undefined;
  /** A workgroup that is not gone, by name. */
  findWorkgroup(workgroupName: string): WorkgroupRecord | undefined;
  /** AVAILABLE, or the status that a record passes through. */
  statusOf(record: { readonly transition?: Transition }): string;
  /** The transition a record enters now; `undefined` when states settle at once. */
  enter(status: Transition["status"]): Transition | undefined;
}

/**
 * Opens the registry kept in `directory`, which must exist, or in memory without one. `stateDelayMs` is how long CREATING, MODIFYING and DELETING last;
 * 0 means that they are never seen. Throws when the state file cannot be read.
 */
export async function openRegistry(options: {
  readonly directory: string | undefined;
  readonly now: () => number;
  readonly stateDelayMs: number;
}): Promise<Registry> {
  const { now, stateDelayMs } = options;
  const file = options.directory === undefined ? undefined : join(options.directory, stateFileName);
  let state = withoutGone(file === undefined ? emptyState() : await readState(file), now());
  let lastChange: Promise<unknown> = Promise.resolve();

  const isHere = (record: { readonly transition?: Transition }) => !isGone(record, now());

  return {
    get state() {
      return withoutGone(state, now());
    },
    change(act) {
      const change = lastChange.then(async () => {
        const draft = structuredClone(withoutGone(state, now()));
        const result = await act(draft);
        if (file !== undefined) await writeState(file, draft);
        state = draft;
        return result;
      });
      lastChange = change.catch(() => undefined);
      return change;
    },
    findNamespace: (name) => state.namespaces.find((record) => record.namespaceName === name && isHere(record)),
    findNamespaceById: (id) => state.namespaces.find((record) => record.namespaceId === id && isHere(record)),
    findWorkgroup: (name) => state.workgroups.find((record) => record.workgroupName === name && isHere(record)),
    statusOf: (record) =>
      record.transition && record.transition.until > now() ? record.transition.status : "AVAILABLE",
    enter: (status) => (stateDelayMs > 0 ? { status, until: now() + stateDelayMs } : undefined),
  };
}

function isGone(record: { readonly transition?: Transition }, at: number): boolean {
  return record.transition?.status === "DELETING" && record.transition.until <= at;
}

function withoutGone(state: ServerlessState, at: number): ServerlessState {
  const gone = [...state.namespaces, ...state.workgroups].some((record) => isGone(record, at));
  if (!gone) return state;
  return {
    ...state,
    namespaces: state.namespaces.filter((record) => !isGone(record, at)),
    workgroups: state.workgroups.filter((record) => !isGone(record, at)),
  };
}
