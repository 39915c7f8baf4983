import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { PluginProcess } from "../src/engine/plugin-process.ts";
import { diffProperties } from "../src/pulumi/property-diff.ts";
import { withoutSecrets, type Properties } from "../src/pulumi/property-values.ts";
import { listen } from "../src/pulumi/rpc.ts";
import { nameOfUrn } from "../src/pulumi/urn.ts";
import { IncompleteStateError, type LocalProvider } from "../src/providers/local-provider.ts";
import { addProviderService } from "../src/providers/provider-service.ts";

/** A provider whose resources are held in memory; `kind` is create-only, and every call is noted. */
export interface FakeProvider {
  readonly calls: string[];
  readonly things: Map<string, Properties>;
  /** Calls that fail, such as `create b`. */
  readonly failing: Set<string>;
  /** Names of things that are made but not finished. */
  readonly unfinished: Set<string>;
  start(packageName: string): Promise<PluginProcess>;
  close(): void;
}

/** Starts the fake on a free loopback port, behind the same gRPC service as the local providers. */
export async function startFakeProvider(): Promise<FakeProvider> {
  const calls: string[] = [];
  const things = new Map<string, Properties>();
  const failing = new Set<string>();
  const unfinished = new Set<string>();
  let count = 0;
  const note = (call: string) => {
    calls.push(call);
    if (failing.has(call)) throw new Error(`${call} is refused`);
  };
  const idOf = (urn: string) => `${nameOfUrn(urn)}-${(count += 1)}`;
  const outputsOf = (id: string, inputs: Properties) => ({ ...inputs, address: `at ${id}` });

  const provider: LocalProvider = {
    checkConfig: () => [],
    configure: async () => undefined,
    check: async ({ urn, inputs }) => {
      const isBad = withoutSecrets<Properties>(inputs).bad !== undefined;
      return { inputs, problems: isBad ? [{ property: "bad", reason: `${nameOfUrn(urn)} has no property bad` }] : [] };
    },
    diff: async ({ oldInputs, inputs }) => ({
      changes: diffProperties(withoutSecrets(oldInputs), withoutSecrets(inputs)).map((change) => ({
        ...change,
        replaces: change.path === "kind",
      })),
      deleteBeforeReplace: false,
    }),
    async create({ urn, inputs, adopt }) {
      note(`create ${nameOfUrn(urn)}${adopt ? " adopting" : ""}`);
      const id = idOf(urn);
      things.set(id, inputs);
      const made = { id, inputs, outputs: outputsOf(id, inputs) };
      if (unfinished.has(nameOfUrn(urn)))
        throw new IncompleteStateError(made, new Error(`${nameOfUrn(urn)} is not finished`));
      return made;
    },
    read: async () => undefined,
    async update({ urn, id, inputs }) {
      note(`update ${nameOfUrn(urn)}`);
      things.set(id, inputs);
      return { id, outputs: outputsOf(id, inputs) };
    },
    async remove({ id }) {
      note(`delete ${id}`);
      things.delete(id);
    },
    invoke: () => ({}),
  };
  const server = new grpc.Server();
  addProviderService(server, provider, "1.0.0");
  const port = await listen(server);
  return {
    calls,
    things,
    failing,
    unfinished,
    start: async () => {
      const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
      return { client, close: () => client.close() };
    },
    close: () => server.forceShutdown(),
  };
}
