import { enginePath } from "../cloud/control-route.ts";
import { diffProperties, type PropertyChange } from "../pulumi/property-diff.ts";
import {
  containsUnknown,
  withAssetHashes,
  withoutSecrets,
  withSecretsOf,
  type Properties,
} from "../pulumi/property-values.ts";
import { typeOfUrn } from "../pulumi/urn.ts";
import { alignInputs } from "./align-inputs.ts";
import { lookUp } from "./look-ups.ts";
import { withPhysicalName } from "./physical-name.ts";
import { configureProvider, type ProviderConfiguration } from "./provider-configuration.ts";
import { makeResources, type FindHandler } from "./resources.ts";
import { IncompleteResourceError, type PropertyProblem, type ResourceHandler } from "./resource-handler.ts";
import { withDefaultTags } from "./tags.ts";

/** A difference between two sets of inputs, and what it asks for. */
export interface ResourceDiff {
  readonly changes: readonly (PropertyChange & { readonly replaces: boolean })[];
  readonly deleteBeforeReplace: boolean;
}

/** A resource as the engine keeps it, secrets marked. */
export interface ResourceState {
  readonly id: string;
  readonly outputs: Properties;
  readonly inputs?: Properties;
}

/** A local provider, apart from the wire: properties come in and go out with their secrets marked. */
export interface LocalProvider {
  checkConfig(inputs: Properties): readonly PropertyProblem[];
  configure(inputs: Properties): Promise<void>;
  check(request: { urn: string; inputs: Properties; oldInputs: Properties; seed: Uint8Array }): Promise<{
    inputs: Properties;
    problems: readonly PropertyProblem[];
  }>;
  diff(request: { urn: string; oldInputs: Properties; inputs: Properties }): Promise<ResourceDiff>;
  create(request: { urn: string; inputs: Properties; adopt: boolean }): Promise<ResourceState>;
  read(request: { urn: string; id: string; inputs: Properties }): Promise<ResourceState | undefined>;
  update(request: { urn: string; id: string; oldInputs: Properties; inputs: Properties }): Promise<ResourceState>;
  remove(request: { urn: string; id: string }): Promise<void>;
  invoke(token: string, args: Properties): Properties;
}

/** A resource that was made but not finished, in the engine's form. */
export class IncompleteStateError extends Error {
  override readonly name = "IncompleteStateError";
  readonly state: Required<ResourceState>;
  constructor(state: Required<ResourceState>, cause: Error) {
    super(cause.message, { cause });
    this.state = state;
  }
}

/**
 * A provider for one package, `aws` or `aws-native`. `environment` holds MILLRACE_LOCAL_ENDPOINT, and MILLRACE_ENGINE where
 * the small engine started it.
 */
export function makeLocalProvider(options: {
  packageName: string;
  environment: Readonly<Record<string, string | undefined>>;
}): LocalProvider {
  const { packageName, environment } = options;
  const engine = environment.MILLRACE_ENGINE === "small" ? "small" : "pulumi";
  let configured: { configuration: ProviderConfiguration; find: FindHandler } | undefined;
  let claimed: Promise<void> | undefined;

  const ready = () => {
    if (!configured) throw new Error(`The local ${packageName} provider was used before it was configured`);
    return configured;
  };
  const handlerOf = (urn: string): Promise<ResourceHandler> => {
    const token = typeOfUrn(urn);
    if (token.split(":")[0] !== packageName) {
      throw new Error(`The local ${packageName} provider has no resource type ${token}`);
    }
    return ready().find(token);
  };
  /** The data directory is asked for before the first look, and taken with the first resource. */
  const askEngine = async (method: "GET" | "PUT", endpoint: string): Promise<void> => {
    const response = await fetch(`${endpoint}${enginePath}?engine=${engine}`, { method }).catch((cause: unknown) => {
      throw new Error(`No local cloud answers at ${endpoint}: start it with \`npm start\`.`, { cause });
    });
    const { message } = (await response.json()) as { message?: string };
    if (!response.ok) throw new Error(message ?? `The local cloud at ${endpoint} answered ${response.status}`);
  };
  const claim = () => (claimed ??= askEngine("PUT", ready().configuration.endpoint));

  return {
    checkConfig(inputs) {
      try {
        configureProvider(packageName, withoutSecrets<Properties>(inputs), environment);
        return [];
      } catch (error) {
        return [{ property: "", reason: (error as Error).message }];
      }
    },
    async configure(inputs) {
      const configuration = configureProvider(packageName, withoutSecrets<Properties>(inputs), environment);
      await askEngine("GET", configuration.endpoint);
      configured = { configuration, find: makeResources(configuration.endpoint) };
    },
    async check({ urn, inputs, oldInputs, seed }) {
      const handler = await handlerOf(urn);
      const named = withPhysicalName(inputs, handler, { urn, oldInputs: plain(oldInputs), seed });
      const checked = withDefaultTags(named, handler.tagForm, ready().configuration.defaultTags);
      return { inputs: checked, problems: handler.check(plain(checked)) };
    },
    async diff({ urn, oldInputs, inputs }) {
      const handler = await handlerOf(urn);
      const [from, to] = [plain(oldInputs), plain(inputs)];
      const changes = diffProperties(from, to).map((change) => ({
        ...change,
        replaces: handler.createOnly.includes(keyOf(change.path)),
      }));
      const { nameKey } = handler;
      return { changes, deleteBeforeReplace: nameKey !== undefined && from[nameKey] === to[nameKey] };
    },
    async create({ urn, inputs, adopt }) {
      const handler = await handlerOf(urn);
      await claim();
      const wanted = known(urn, inputs);
      try {
        const { id, attributes } = await handler.create(wanted, { urn, adopt });
        return { id, inputs, outputs: withSecretsOf({ ...wanted, ...attributes }, inputs) };
      } catch (error) {
        if (!(error instanceof IncompleteResourceError)) throw error;
        const outputs = withSecretsOf({ ...wanted, ...error.resource.attributes }, inputs);
        throw new IncompleteStateError({ id: error.resource.id, inputs, outputs }, error);
      }
    },
    async read({ urn, id, inputs }) {
      const handler = await handlerOf(urn);
      const actual = await handler.read(id);
      if (!actual) return undefined;
      const wanted = plain(inputs);
      const isImport = Object.keys(wanted).length === 0;
      const seen = isImport ? actual.inputs : alignInputs(wanted, actual.inputs);
      const outputs = withSecretsOf({ ...seen, ...actual.attributes }, inputs);
      return { id, outputs, inputs: keepMarks(inputs, seen) };
    },
    async update({ urn, id, oldInputs, inputs }) {
      const handler = await handlerOf(urn);
      const wanted = known(urn, inputs);
      const attributes = await handler.update(id, plain(oldInputs), wanted);
      return { id, inputs, outputs: withSecretsOf({ ...wanted, ...attributes }, inputs) };
    },
    async remove({ urn, id }) {
      const handler = await handlerOf(urn);
      await handler.remove(id);
    },
    invoke(token, args) {
      ready();
      return lookUp(token, plain(args));
    },
  };
}

/** Properties as a handler takes them; assets are hashes, which is all that a recorded type keeps of them. */
function plain(properties: Properties): Properties {
  return withAssetHashes<Properties>(withoutSecrets(properties), process.cwd());
}

function known(urn: string, inputs: Properties): Properties {
  if (containsUnknown(inputs)) throw new Error(`${urn} was sent with values that are not known yet`);
  return plain(inputs);
}

function keyOf(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

/** Inputs that did not change keep their form, secrets and assets included. */
function keepMarks(inputs: Properties, seen: Properties): Properties {
  const wanted = plain(inputs);
  return withSecretsOf(
    Object.fromEntries(
      Object.entries(seen).map(([key, value]) => [
        key,
        key in inputs && diffProperties(wanted[key], value).length === 0 ? inputs[key] : value,
      ]),
    ),
    inputs,
  );
}
