import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { fromStruct } from "../pulumi/rpc.ts";
import type { Properties } from "../pulumi/property-values.ts";
import type { ResourceRecord } from "./state-file.ts";

/** A resource as the program asks for it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string;
  readonly inputs: Properties;
  /** The provider resource, `URN::ID`; empty where the program named none. */
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Undefined where the program leaves it to the provider. */
  readonly deleteBeforeReplace: boolean | undefined;
}

/** What a registration is answered with. */
export interface Registered {
  readonly urn: string;
  /** Empty where only an update can know it. */
  readonly id: string;
  readonly outputs: Properties;
}

/** The record of a registered resource. In a dry run, whose records never reach the disk, values may be unknown. */
export function toRecord(
  registration: Registration,
  urn: string,
  made: {
    readonly id?: string | undefined;
    readonly inputs: Properties;
    readonly outputs: Properties;
    readonly initErrors?: readonly string[] | undefined;
  },
): ResourceRecord {
  const { type, custom, parent, provider, dependencies, propertyDependencies } = registration;
  return {
    ...{ urn, type, custom },
    ...(made.id === undefined ? {} : { id: made.id }),
    inputs: made.inputs,
    outputs: made.outputs,
    ...(parent ? { parent } : {}),
    ...(provider ? { provider } : {}),
    dependencies,
    propertyDependencies,
    additionalSecretOutputs: registration.additionalSecretOutputs,
    protect: registration.protect,
    retainOnDelete: registration.retainOnDelete,
    ...(made.initErrors ? { initErrors: made.initErrors } : {}),
  };
}

/** Resource options that the small engine does not have, by name, and how each shows in a request. */
const refusedOptions: Readonly<Record<string, (request: RegisterResourceRequest) => boolean>> = {
  aliases: (request) => request.getAliasesList().length > 0 || request.getAliasurnsList().length > 0,
  customTimeouts: (request) => {
    const timeouts = request.getCustomtimeouts();
    return Boolean(timeouts?.getCreate() || timeouts?.getUpdate() || timeouts?.getDelete() || timeouts?.getRead());
  },
  deletedWith: (request) => request.getDeletedwith() !== "",
  envVarMappings: (request) => request.getEnvvarmappingsMap().getLength() > 0,
  hideDiffs: (request) => request.getHidediffsList().length > 0,
  hooks: (request) => request.hasHooks(),
  import: (request) => request.getImportid() !== "",
  "a parameterized package": (request) => request.getPackageref() !== "",
  pluginDownloadURL: (request) => request.getPlugindownloadurl() !== "",
  "a remote component": (request) => request.getRemote(),
  replaceWith: (request) => request.getReplaceWithList().length > 0,
  replacementTrigger: (request) => request.hasReplacementTrigger(),
  stateMigrations: (request) => request.getStateMigrationsList().length > 0,
  transforms: (request) => request.getTransformsList().length > 0,
};

/** Reads a request. Throws an Error that names every resource option that the small engine does not have. */
export function readRegistration(request: RegisterResourceRequest): Registration {
  const refused = Object.entries(refusedOptions)
    .filter(([, isSet]) => isSet(request))
    .map(([option]) => option);
  if (refused.length > 0) {
    throw new Error(
      `${request.getName()} (${request.getType()}) uses ${refused.join(", ")}, which the small engine does not have: leave it out, or deploy the local stage with the Pulumi CLI.`,
    );
  }
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: fromStruct(request.getObject()),
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([key, value]) => [key, value.getUrnsList()]),
    ),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
  };
}
