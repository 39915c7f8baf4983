import { createRequire } from "node:module";
import { join } from "node:path";
import type { Properties } from "../pulumi/property-values.ts";
import { packageOfType, typeOfUrn } from "../pulumi/urn.ts";
import { isLocalPackage, localPackages, serveLocalProvider } from "../providers/serve-provider.ts";
import { connectPlugin, startPlugin, type PluginProcess } from "./plugin-process.ts";
import { checkProviderInputs, configureProviderPlugin, type ResourceProvider } from "./resource-provider.ts";

/** The package of dynamic resources, whose provider the program brings itself. */
const dynamicPackage = "pulumi-nodejs";

/** The plugins of one run: one server for each provider resource, and one process for dynamic resources. */
export interface ProviderHost {
  /** Starts a plugin ahead of its use. */
  warm(packageName: string): void;
  /** Checks the inputs of a provider resource; throws an Error with the provider's own words. */
  check(urn: string, inputs: Properties): Promise<Properties>;
  /** Configures the provider resource's plugin. */
  configure(urn: string, inputs: Properties): Promise<void>;
  /**
   * The provider of a resource or look-up: the one named by `reference` (`URN::ID`), or the dynamic provider. `who` is named
   * in the Error for a resource without an explicit provider.
   */
  find(type: string, reference: string, who: string): Promise<ResourceProvider>;
  close(): void;
}

/** How a plugin is started; tests give their own. */
export type StartPackage = (packageName: string) => Promise<PluginProcess>;

/**
 * Keeps the plugins of one run. `recall` gives the inputs that a provider resource had last time, for resources whose
 * provider the program no longer registers.
 */
export function makeProviderHost(options: {
  start: StartPackage;
  config: Readonly<Record<string, string>>;
  recall: (urn: string) => Properties | undefined;
}): ProviderHost {
  const { start, config, recall } = options;
  const started: Promise<PluginProcess>[] = [];
  const warmed = new Map<string, Promise<PluginProcess>>();
  const plugins = new Map<string, Promise<PluginProcess>>();
  const providers = new Map<string, Promise<ResourceProvider>>();

  const launch = (packageName: string): Promise<PluginProcess> => {
    const plugin = start(packageName);
    plugin.catch(() => undefined);
    started.push(plugin);
    return plugin;
  };
  const pluginOf = (key: string, packageName: string): Promise<PluginProcess> => {
    const known = plugins.get(key) ?? warmed.get(packageName) ?? launch(packageName);
    warmed.delete(packageName);
    plugins.set(key, known);
    return known;
  };
  const dynamic = (): Promise<ResourceProvider> => {
    const known =
      providers.get(dynamicPackage) ??
      pluginOf(dynamicPackage, dynamicPackage).then((plugin) => configureProviderPlugin(plugin, config));
    providers.set(dynamicPackage, known);
    return known;
  };
  const configure = (urn: string, inputs: Properties): Promise<ResourceProvider> => {
    const provider = pluginOf(urn, packageOfType(typeOfUrn(urn))).then((plugin) =>
      configureProviderPlugin(plugin, inputs),
    );
    providers.set(urn, provider);
    return provider;
  };

  return {
    warm(packageName) {
      if (!warmed.has(packageName)) warmed.set(packageName, launch(packageName));
    },
    async check(urn, inputs) {
      return checkProviderInputs(await pluginOf(urn, packageOfType(typeOfUrn(urn))), urn, inputs);
    },
    async configure(urn, inputs) {
      await configure(urn, inputs);
    },
    async find(type, reference, who) {
      const packageName = packageOfType(type);
      if (packageName === dynamicPackage) return dynamic();
      if (reference === "") {
        throw new Error(
          `${who} has no explicit provider, and the local stage has no default ones: give it \`provider\`, or a parent that has one`,
        );
      }
      const urn = reference.split("::").slice(0, -1).join("::");
      const known = providers.get(urn);
      if (known) return known;
      const inputs = recall(urn);
      if (!inputs) throw new Error(`${who} names the provider ${urn}, which is not registered`);
      return configure(urn, inputs);
    },
    close() {
      for (const plugin of started)
        void plugin.then(
          (running) => running.close(),
          () => undefined,
        );
    },
  };
}

/** Serves the local providers in this process, and starts the real dynamic-provider process of @pulumi/pulumi as the project has it. */
export function makePackageStarter(options: {
  project: string;
  stack: string;
  programDirectory: string;
  environment: Readonly<Record<string, string>>;
  log?: ((line: string) => void) | undefined;
}): StartPackage {
  const { project, stack, programDirectory, environment, log } = options;
  const common = { directory: programDirectory, ...(log ? { log } : {}) };
  return async (packageName) => {
    if (packageName === dynamicPackage) {
      return startPlugin({
        ...common,
        name: packageName,
        script: createRequire(join(programDirectory, "program.js")).resolve("@pulumi/pulumi/cmd/dynamic-provider"),
        args: ["127.0.0.1:1"],
        environment: { ...environment, PULUMI_NODEJS_PROJECT: project, PULUMI_NODEJS_STACK: stack },
      });
    }
    if (!isLocalPackage(packageName)) {
      throw new Error(
        `The local stage has no provider for package ${packageName}: it has ${localPackages.join(", ")} and dynamic resources.`,
      );
    }
    const served = await serveLocalProvider(packageName, { ...environment, MILLRACE_ENGINE: "small" });
    return connectPlugin(served.port, served.close);
  };
}
