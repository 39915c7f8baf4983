import { keepPaths, pathsTouch } from "../pulumi/property-diff.ts";
import { containsAsset, withAssetHashes, withSecretsOf, type Properties } from "../pulumi/property-values.ts";
import { isProviderType } from "../pulumi/urn.ts";
import type { ProviderHost } from "./provider-host.ts";
import { toRecord, type Registered, type Registration } from "./registration.ts";
import type { ProviderDiff, ProviderResult, ResourceProvider } from "./resource-provider.ts";
import type { StackStore } from "./stack-store.ts";
import type { ResourceRecord } from "./state-file.ts";
import type { Steps } from "./steps.ts";

/** The resources that a provider keeps: check, diff, then same, create, update or replace. */
export interface CustomResources {
  register(registration: Registration, urn: string): Promise<Registered>;
  /** Removes a resource from its service; those without one, and those to be retained, are only forgotten by the caller. */
  remove(record: ResourceRecord): Promise<void>;
}

interface Request {
  readonly registration: Registration;
  readonly urn: string;
  readonly provider: ResourceProvider;
  readonly inputs: Properties;
}

/** Works on the state in `store`; in a dry run it plans, and providers only check and diff. */
export function makeCustomResources(options: {
  store: StackStore;
  providers: ProviderHost;
  steps: Steps;
  programDirectory: string;
  dryRun: boolean;
}): CustomResources {
  const { store, providers, steps, programDirectory, dryRun } = options;
  const about = ({ urn, registration: { type } }: Request) => ({ urn, type });

  const remove = async (record: ResourceRecord): Promise<void> => {
    if (!record.custom || isProviderType(record.type) || record.retainOnDelete) return;
    const provider = await providers.find(record.type, record.provider ?? "", record.urn);
    const { urn, id = "", inputs, outputs } = record;
    await provider.remove({ urn, id, inputs, outputs });
  };

  /** Keeps what a provider made; one that is not finished is kept as such, and the step fails. */
  const finish = (
    { registration, urn, inputs }: Request,
    result: ProviderResult,
    replaces?: ResourceRecord,
  ): Registered => {
    const { id, initErrors } = result;
    const outputs = withSecretsOf(result.outputs, inputs, registration.additionalSecretOutputs);
    const record = toRecord(registration, urn, { id, inputs, outputs, initErrors });
    store.put(record, replaces);
    if (initErrors) throw new Error(initErrors.join("; "));
    return answer(record, registration);
  };
  const plan = (
    { registration, urn, inputs }: Request,
    outputs: Properties,
    id?: string,
    replaces?: ResourceRecord,
  ): Registered => {
    const record = toRecord(registration, urn, { id, inputs, outputs });
    store.put(record, replaces);
    return answer(record, registration);
  };

  const create = async (request: Request, replaces?: ResourceRecord): Promise<Registered> => {
    const { urn, provider, inputs } = request;
    if (dryRun) return plan(request, inputs, undefined, replaces);
    const adopt = store.isPendingCreate(urn);
    store.beginCreate(urn);
    return finish(request, await provider.create({ urn, inputs, adopt }), replaces);
  };
  const update = async (request: Request, old: ResourceRecord): Promise<Registered> => {
    const { urn, provider, inputs } = request;
    if (dryRun) return plan(request, { ...old.outputs, ...inputs }, old.id);
    const { id = "", inputs: oldInputs, outputs: oldOutputs } = old;
    return finish(request, await provider.update({ urn, id, oldInputs, oldOutputs, inputs }));
  };
  const replace = async (request: Request, old: ResourceRecord, diff: ProviderDiff): Promise<Registered> => {
    if (old.protect) {
      throw new Error(
        `${request.urn} is protected, and the change of ${diff.paths.join(", ")} would replace it: set protect to false and deploy, then change it`,
      );
    }
    const isDeletedFirst = request.registration.deleteBeforeReplace ?? diff.deleteBeforeReplace;
    if (!isDeletedFirst) return create(request, old);
    if (!dryRun) await remove(old);
    store.forget(old);
    return create(request);
  };

  return {
    remove,
    async register(registration, urn) {
      const provider = await providers.find(registration.type, registration.provider, urn);
      const old = store.find(urn);
      const wanted = withAssetHashes<Properties>(registration.inputs, programDirectory);
      const asked = old ? keepPaths(old.inputs, wanted, registration.ignoreChanges) : wanted;
      const inputs = await provider.check({ urn, inputs: asked, oldInputs: old?.inputs ?? {} });
      const request: Request = { registration, urn, provider, inputs };
      if (!old) return steps.run("create", about(request), () => create(request));

      const { id = "", inputs: oldInputs, outputs: oldOutputs } = old;
      const diff = await provider.diff({ urn, id, oldInputs, oldOutputs, inputs });
      if (mustReplace(diff, registration)) {
        return steps.run("replace", about(request), () => replace(request, old, diff));
      }
      if (diff.hasChanges || old.initErrors) return steps.run("update", about(request), () => update(request, old));
      return steps.run("same", about(request), () => plan(request, oldOutputs, old.id));
    },
  };
}

/** What the program sees: its own assets in place of the hashes that the state keeps. */
function answer({ urn, id = "", outputs }: ResourceRecord, { inputs }: Registration): Registered {
  const shown = Object.entries(outputs).map(([key, value]) => {
    const given = inputs[key];
    return [key, given !== undefined && containsAsset(value) ? given : value] as const;
  });
  return { urn, id, outputs: Object.fromEntries(shown) };
}

function mustReplace(diff: ProviderDiff, { replaceOnChanges }: Registration): boolean {
  if (diff.replaces.length > 0) return true;
  return diff.paths.some((path) => replaceOnChanges.some((pattern) => pathsTouch(path, pattern)));
}
