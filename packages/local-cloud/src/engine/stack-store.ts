import type { Properties } from "../pulumi/property-values.ts";
import { writeState, type ResourceRecord, type StackState } from "./state-file.ts";

/** The state of a stack during a run: every change is on disk before the call returns, except in a dry run. */
export interface StackStore {
  find(urn: string): ResourceRecord | undefined;
  /** Resources that no registration of this run has named, and replaced ones, in the order in which to delete them. */
  listObsolete(): readonly { record: ResourceRecord; isReplaced: boolean }[];
  isPendingCreate(urn: string): boolean;
  beginCreate(urn: string): void;
  /** Puts a resource where the registrations of this run go; with `replaces`, the old one waits to be deleted. */
  put(record: ResourceRecord, replaces?: ResourceRecord): void;
  forget(record: ResourceRecord): void;
  setOutputs(outputs: Properties): void;
  /** Marks the run as complete: nothing is open, and `digest` is what the program was made from. */
  settle(digest: string | undefined): void;
  current(): StackState;
}

/** Opens the state of a stack for one run. Without `file` nothing is written. */
export function makeStackStore(start: StackState, file: string | undefined): StackStore {
  const registered = new Map<string, ResourceRecord>();
  const before = new Map(start.resources.map((record) => [record.urn, record]));
  const order = new Map([...start.resources, ...start.replaced].map((record, index) => [record, index]));
  const pendingCreates = new Set(start.pendingCreates);
  let replaced = [...start.replaced];
  let outputs = start.outputs;
  let settledDigest = start.settledDigest;
  let written = JSON.stringify(start);

  const current = (): StackState => ({
    version: 1,
    project: start.project,
    stack: start.stack,
    resources: [...registered.values(), ...[...before.values()].filter(({ urn }) => !registered.has(urn))],
    replaced,
    pendingCreates: [...pendingCreates],
    outputs,
    ...(settledDigest === undefined ? {} : { settledDigest }),
  });
  const save = () => {
    const state = current();
    const text = JSON.stringify(state);
    if (file === undefined || text === written) return;
    writeState(file, state);
    written = text;
  };
  /** The first change of a run unsettles the state, so that a run that is cut off is never mistaken for a finished one. */
  const change = (act: () => void) => {
    settledDigest = undefined;
    act();
    save();
  };

  return {
    find: (urn) => registered.get(urn) ?? before.get(urn),
    listObsolete() {
      const gone = [...before.values()].filter(({ urn }) => !registered.has(urn));
      return [
        ...gone.map((record) => ({ record, isReplaced: false })),
        ...replaced.map((record) => ({ record, isReplaced: true })),
      ].sort((a, b) => (order.get(b.record) ?? Infinity) - (order.get(a.record) ?? Infinity));
    },
    isPendingCreate: (urn) => pendingCreates.has(urn),
    beginCreate: (urn) => change(() => pendingCreates.add(urn)),
    put: (record, replaces) =>
      change(() => {
        registered.set(record.urn, record);
        pendingCreates.delete(record.urn);
        if (replaces) replaced.push(replaces);
      }),
    forget: (record) =>
      change(() => {
        if (before.get(record.urn) === record) before.delete(record.urn);
        if (registered.get(record.urn) === record) registered.delete(record.urn);
        replaced = replaced.filter((other) => other !== record);
      }),
    setOutputs: (next) => change(() => (outputs = next)),
    settle(digest) {
      settledDigest = digest;
      pendingCreates.clear();
      save();
    },
    current,
  };
}
