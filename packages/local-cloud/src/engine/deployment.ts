import { withSecretsOf, type Properties } from "../pulumi/property-values.ts";
import { isProviderType, makeUrn } from "../pulumi/urn.ts";
import { makeCustomResources } from "./custom-resources.ts";
import type { OnEvent } from "./deploy-event.ts";
import type { ProviderHost } from "./provider-host.ts";
import { toRecord, type Registered, type Registration } from "./registration.ts";
import type { StackStore } from "./stack-store.ts";
import { makeSteps, type Steps } from "./steps.ts";

/** One run of the program, resource by resource. */
export interface Deployment {
  /** Brings one resource to what the program asks for. Rejects when that fails; every later registration then rejects too. */
  register(registration: Registration): Promise<Registered>;
  registerOutputs(urn: string, outputs: Properties): void;
  invoke(request: { token: string; args: Properties; provider: string }): Promise<Properties>;
  /** Deletes what this run did not register, what needs others before these. Stops at the first failure. */
  deleteObsolete(): Promise<void>;
  /** Resolves when no registration is under way. */
  idle(): Promise<void>;
  readonly steps: Omit<Steps, "run" | "fail">;
  /** The stack's outputs, once the program has registered them. */
  readonly outputs: Properties;
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
  const steps = makeSteps(onEvent, signal);
  const customResources = makeCustomResources({ store, providers, steps, programDirectory, dryRun });
  const named = new Set<string>();
  const underWay = new Set<Promise<unknown>>();
  let outputs: Properties = {};

  const registerComponent = (registration: Registration, urn: string): Promise<Registered> => {
    const old = store.find(urn);
    return steps.run(old ? "same" : "create", { urn, type: registration.type }, () => {
      store.put(toRecord(registration, urn, { inputs: registration.inputs, outputs: old?.outputs ?? {} }));
      return { urn, id: "", outputs: registration.inputs };
    });
  };

  const registerProvider = async (registration: Registration, urn: string): Promise<Registered> => {
    const old = store.find(urn);
    const inputs = await providers.check(urn, registration.inputs);
    const isSame = old !== undefined && JSON.stringify(old.inputs) === JSON.stringify(inputs);
    return steps.run(old ? (isSame ? "same" : "update") : "create", { urn, type: registration.type }, async () => {
      await providers.configure(urn, inputs);
      const id = old?.id ?? crypto.randomUUID();
      const shown = withSecretsOf(inputs, inputs, registration.additionalSecretOutputs);
      store.put(toRecord(registration, urn, { id, inputs, outputs: shown }));
      return { urn, id, outputs: shown };
    });
  };

  const register = async (registration: Registration): Promise<Registered> => {
    steps.stopIfOver();
    const { type, name, parent } = registration;
    const urn = makeUrn({ stack, project, parent, type, name });
    try {
      if (named.has(urn)) throw new Error(`${urn} is registered twice: give one of the two another name`);
      named.add(urn);
      if (!registration.custom) return await registerComponent(registration, urn);
      if (isProviderType(type)) return await registerProvider(registration, urn);
      return await customResources.register(registration, urn);
    } catch (error) {
      // A step keeps its own failure; what goes wrong before there is a step is kept here.
      steps.fail(store.find(urn) ? "update" : "create", { urn, type }, error);
      throw error;
    }
  };

  return {
    steps,
    get outputs() {
      return outputs;
    },
    register(registration) {
      const work = register(registration);
      const forget = () => underWay.delete(work);
      underWay.add(work);
      work.then(forget, forget);
      return work;
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    registerOutputs(urn, registered) {
      const record = store.find(urn);
      if (record?.type === "pulumi:pulumi:Stack") {
        outputs = registered;
        store.setOutputs(registered);
      }
      if (record) store.put({ ...record, outputs: registered });
    },
    async invoke({ token, args, provider }) {
      steps.stopIfOver();
      return (await providers.find(token, provider, `The look-up ${token}`)).invoke(token, args);
    },
    async deleteObsolete() {
      const obsolete = store.listObsolete();
      for (const { record } of obsolete.filter((each) => each.record.protect)) {
        const message = `${record.urn} is protected and the program no longer has it: put it back with protect set to false, deploy, then remove it`;
        steps.fail("delete", record, new Error(message));
      }
      for (const { record, isReplaced } of obsolete) {
        steps.stopIfOver();
        const act = async () => {
          if (!dryRun) await customResources.remove(record);
          store.forget(record);
        };
        if (!isReplaced) await steps.run("delete", record, act);
        // The old one of a replacement was counted with the new one.
        else await act().catch((error: unknown) => steps.fail("delete", record, error));
      }
      steps.stopIfOver();
    },
  };
}
