import { pathsTouch, keepPaths } from "../pulumi/property-diff.ts";
import { containsAsset, withAssetHashes, withSecretsOf, type Properties } from "../pulumi/property-values.ts";
import { isProviderType, makeUrn, nameOfUrn } from "../pulumi/urn.ts";
import type { OnEvent, Operation, StepFailure } from "./deploy-event.ts";
import type { ProviderHost } from "./provider-host.ts";
import type { Registration } from "./registration.ts";
import type { ProviderDiff, ProviderResult, ResourceProvider } from "./resource-provider.ts";
import type { StackStore } from "./stack-store.ts";
import type { ResourceRecord } from "./state-file.ts";

/** What a registration is answered with. */
export interface Registered {
  readonly urn: string;
  /** Empty where only an update can know it. */
  readonly id: string;
  readonly outputs: Properties;
}

/** One run of the program, resource by resource. */
export interface Deployment {
  /** Brings one resource to what the program asks for. Rejects when that fails; every later registration then rejects too. */
  register(registration: Registration): Promise<Registered>;
  registerOutputs(urn: string, outputs: Properties): void;
  invoke(request: { token: string; args: Properties; provider: string }): Promise<Properties>;
  /** Deletes what this run did not register, what needs others before these. Stops at the first failure. */
  deleteObsolete(): Promise<void>;
  /** Resolves when no step is under way. */
  idle(): Promise<void>;
  /** Calls the listener at every failure; returns what ends that. */
  onFailure(listener: () => void): () => void;
  readonly failures: readonly StepFailure[];
  readonly changes: Readonly<Record<Operation, number>>;
  readonly operations: readonly { urn: string; operation: string }[];
  readonly outputs: Properties;
}

/** The run was stopped, by a failure elsewhere or by its caller. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** Starts a run against the state in `store`. */
export function makeDeployment(options: {
  project: string;
  stack: string;
  programDirectory: string;
  store: StackStore;
  providers: ProviderHost;
  dryRun: boolean;
  onEvent: OnEvent;
  signal?: AbortSignal | undefined;
}): Deployment {
  const { project, stack, programDirectory, store, providers, dryRun, onEvent, signal } = options;
  const failures: StepFailure[] = [];
  const changes: Record<Operation, number> = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  const operations: { urn: string; operation: string }[] = [];
  const named = new Set<string>();
  const underWay = new Set<Promise<unknown>>();
  const listeners = new Set<() => void>();
  let outputs: Properties = {};

  const stopIfOver = () => {
    if (failures.length > 0) throw new StoppedError("The deployment stopped at a failure");
    if (signal?.aborted) throw new StoppedError("The deployment was stopped");
  };
  /** Announces a step, counts it when it is done and keeps its failure. */
  const step = async <T>(operation: Operation, urn: string, type: string, act: () => Promise<T> | T): Promise<T> => {
    const event = { kind: "resource", urn, type, name: nameOfUrn(urn), operation } as const;
    onEvent({ ...event, status: "started" });
    try {
      const result = await act();
      changes[operation] += 1;
      operations.push({ urn, operation });
      onEvent({ ...event, status: "done" });
      return result;
    } catch (error) {
      fail(operation, urn, type, error);
      throw error;
    }
  };
  const fail = (operation: Operation, urn: string, type: string, error: unknown) => {
    if (error instanceof StoppedError) return;
    const { details, message } = error as { details?: string; message: string };
    failures.push({ urn, operation, message: details ?? message });
    onEvent({
      kind: "resource",
      urn,
      type,
      name: nameOfUrn(urn),
      operation,
      status: "failed",
      message: details ?? message,
    });
    for (const listener of listeners) listener();
  };
  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    work.then(
      () => underWay.delete(work),
      () => underWay.delete(work),
    );
    return work;
  };

  /** A record of what was registered; in a dry run nothing reaches the disk, so records may hold unknowns. */
  const toRecord = (
    registration: Registration,
    urn: string,
    rest: Pick<ResourceRecord, "inputs" | "outputs"> & { id?: string; initErrors?: readonly string[] | undefined },
  ): ResourceRecord => ({
    urn,
    type: registration.type,
    custom: registration.custom,
    ...(rest.id === undefined ? {} : { id: rest.id }),
    inputs: rest.inputs,
    outputs: rest.outputs,
    ...(registration.parent ? { parent: registration.parent } : {}),
    ...(registration.provider ? { provider: registration.provider } : {}),
    dependencies: registration.dependencies,
    propertyDependencies: registration.propertyDependencies,
    additionalSecretOutputs: registration.additionalSecretOutputs,
    protect: registration.protect,
    retainOnDelete: registration.retainOnDelete,
    ...(rest.initErrors ? { initErrors: rest.initErrors } : {}),
  });

  const registerComponent = (registration: Registration, urn: string): Promise<Registered> => {
    const old = store.find(urn);
    return step(old ? "same" : "create", urn, registration.type, () => {
      store.put(toRecord(registration, urn, { inputs: registration.inputs, outputs: old?.outputs ?? {} }));
      return { urn, id: "", outputs: registration.inputs };
    });
  };

  const registerProvider = async (registration: Registration, urn: string): Promise<Registered> => {
    const old = store.find(urn);
    const inputs = await providers.check(urn, registration.inputs);
    const isSame = old && JSON.stringify(old.inputs) === JSON.stringify(inputs);
    return step(old ? (isSame ? "same" : "update") : "create", urn, registration.type, async () => {
      await providers.configure(urn, inputs);
      const id = old?.id ?? crypto.randomUUID();
      const shown = withSecretsOf(inputs, inputs, registration.additionalSecretOutputs);
      store.put(toRecord(registration, urn, { id, inputs, outputs: shown }));
      return { urn, id, outputs: shown };
    });
  };

  const registerCustom = async (registration: Registration, urn: string): Promise<Registered> => {
    const provider = await providers.find(registration.type, registration.provider, urn);
    const old = store.find(urn);
    const wanted = withAssetHashes<Properties>(registration.inputs, programDirectory);
    const asked = old ? keepPaths(old.inputs, wanted, registration.ignoreChanges) : wanted;
    const inputs = await provider.check({ urn, inputs: asked, oldInputs: old?.inputs ?? {} });
    const request = { registration, urn, provider, inputs };
    if (!old) return createNew(request);
    const diff = await provider.diff({
      urn,
      id: old.id ?? "",
      oldInputs: old.inputs,
      oldOutputs: old.outputs,
      inputs,
    });
    if (mustReplace(diff, registration)) return replace(request, old, diff);
    if (diff.hasChanges || old.initErrors) return update(request, old);
    return step("same", urn, registration.type, () => {
      const record = {
        ...toRecord(registration, urn, { inputs, outputs: old.outputs }),
        ...(old.id ? { id: old.id } : {}),
      };
      store.put(record);
      return answer(record, registration);
    });
  };

  interface CustomRequest {
    readonly registration: Registration;
    readonly urn: string;
    readonly provider: ResourceProvider;
    readonly inputs: Properties;
  }

  const createNew = (request: CustomRequest): Promise<Registered> =>
    step("create", request.urn, request.registration.type, () => create(request));

  const create = async ({ registration, urn, provider, inputs }: CustomRequest, replaces?: ResourceRecord) => {
    if (dryRun) {
      const planned = toRecord(registration, urn, { inputs, outputs: inputs });
      store.put(planned, replaces);
      return answer(planned, registration);
    }
    const adopt = store.isPendingCreate(urn);
    store.beginCreate(urn);
    const result = await provider.create({ urn, inputs, adopt });
    return finish(registration, urn, inputs, result, replaces);
  };

  const update = ({ registration, urn, provider, inputs }: CustomRequest, old: ResourceRecord): Promise<Registered> =>
    step("update", urn, registration.type, async () => {
      if (dryRun) {
        const record = toRecord(registration, urn, {
          inputs,
          outputs: { ...old.outputs, ...inputs },
          ...(old.id ? { id: old.id } : {}),
        });
        store.put(record);
        return answer(record, registration);
      }
      const result = await provider.update({
        urn,
        id: old.id ?? "",
        oldInputs: old.inputs,
        oldOutputs: old.outputs,
        inputs,
      });
      return finish(registration, urn, inputs, result);
    });

  const replace = (request: CustomRequest, old: ResourceRecord, diff: ProviderDiff): Promise<Registered> =>
    step("replace", request.urn, request.registration.type, async () => {
      if (old.protect) {
        throw new Error(
          `${request.urn} is protected, and the change of ${diff.paths.join(", ")} would replace it: set protect to false and deploy, then change it`,
        );
      }
      const isDeletedFirst = request.registration.deleteBeforeReplace ?? diff.deleteBeforeReplace;
      if (!isDeletedFirst) return create(request, old);
      if (!dryRun) {
        await remove(old);
        store.forget(old);
      }
      return create(request);
    });

  /** Keeps what a provider made; one that is not finished is kept as such, and the step fails. */
  const finish = (
    registration: Registration,
    urn: string,
    inputs: Properties,
    { id, outputs: made, initErrors }: ProviderResult,
    replaces?: ResourceRecord,
  ): Registered => {
    const shown = withSecretsOf(made, inputs, registration.additionalSecretOutputs);
    const record = toRecord(registration, urn, { id, inputs, outputs: shown, initErrors });
    store.put(record, replaces);
    if (initErrors) throw new Error(initErrors.join("; "));
    return answer(record, registration);
  };

  const remove = async (record: ResourceRecord): Promise<void> => {
    if (!record.custom || isProviderType(record.type) || record.retainOnDelete) return;
    const provider = await providers.find(record.type, record.provider ?? "", record.urn);
    await provider.remove({ urn: record.urn, id: record.id ?? "", inputs: record.inputs, outputs: record.outputs });
  };

  const registerOne = async (registration: Registration): Promise<Registered> => {
    stopIfOver();
    const { type, name, parent } = registration;
    const urn = makeUrn({ stack, project, parent, type, name });
    try {
      if (named.has(urn)) throw new Error(`${urn} is registered twice: give one of the two another name`);
      named.add(urn);
      if (!registration.custom) return await registerComponent(registration, urn);
      if (isProviderType(type)) return await registerProvider(registration, urn);
      return await registerCustom(registration, urn);
    } catch (error) {
      if (!failures.some((failure) => failure.urn === urn)) fail("create", urn, type, error);
      throw error;
    }
  };

  return {
    failures,
    changes,
    operations,
    get outputs() {
      return outputs;
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    onFailure(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    register: (registration) => track(registerOne(registration)),
    registerOutputs(urn, registered) {
      const record = store.find(urn);
      if (record?.type === "pulumi:pulumi:Stack") {
        outputs = registered;
        store.setOutputs(registered);
      }
      if (record) store.put({ ...record, outputs: registered });
    },
    async invoke({ token, args, provider }) {
      stopIfOver();
      return (await providers.find(token, provider, `The look-up ${token}`)).invoke(token, args);
    },
    async deleteObsolete() {
      const obsolete = store.listObsolete();
      for (const { record } of obsolete.filter(({ record: { protect } }) => protect)) {
        const error = new Error(
          `${record.urn} is protected and the program no longer has it: put it back with protect set to false, deploy, then remove it`,
        );
        fail("delete", record.urn, record.type, error);
      }
      for (const { record, isReplaced } of obsolete) {
        stopIfOver();
        // A replacement was counted when the new one was made.
        if (isReplaced && dryRun) continue;
        const act = async () => {
          if (!dryRun) await remove(record);
          store.forget(record);
        };
        if (isReplaced)
          await act().catch(
            (error: unknown) => (fail("delete", record.urn, record.type, error), Promise.reject(error as Error)),
          );
        else await step("delete", record.urn, record.type, act);
      }
    },
  };
}

/** What the program sees: its own assets in place of the hashes that the state keeps. */
function answer(record: ResourceRecord, registration: Registration): Registered {
  return { urn: record.urn, id: record.id ?? "", outputs: withOwnAssets(registration, record.outputs) };
}

function withOwnAssets(registration: Registration, outputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => {
      const given = registration.inputs[key];
      return [key, given !== undefined && containsAsset(value) ? given : value];
    }),
  );
}

function mustReplace(diff: ProviderDiff, { replaceOnChanges }: Registration): boolean {
  if (diff.replaces.length > 0) return true;
  return diff.paths.some((path) => replaceOnChanges.some((pattern) => pathsTouch(path, pattern)));
}
