import { randomBytes } from "node:crypto";
import grpc from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { adoptKey } from "../pulumi/adopt-key.ts";
import { diffProperties } from "../pulumi/property-diff.ts";
import { withoutSecrets, type Properties } from "../pulumi/property-values.ts";
import { call, fromStruct, toStruct } from "../pulumi/rpc.ts";
import type { PluginProcess } from "./plugin-process.ts";

/** What a provider makes of the difference between old and new inputs. */
export interface ProviderDiff {
  readonly hasChanges: boolean;
  /** Paths of everything that differs. */
  readonly paths: readonly string[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** What a resource has become. */
export interface ProviderResult {
  readonly id: string;
  readonly outputs: Properties;
  readonly initErrors?: readonly string[];
}

/** A resource as its service has it. */
interface ProviderState {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** A configured provider, as the engine uses it: plain properties in, plain properties out, secrets marked. */
export interface ResourceProvider {
  /** Throws an Error with every problem that the provider finds. */
  check(request: { urn: string; inputs: Properties; oldInputs: Properties }): Promise<Properties>;
  diff(request: {
    urn: string;
    id: string;
    oldInputs: Properties;
    oldOutputs: Properties;
    inputs: Properties;
  }): Promise<ProviderDiff>;
  /** A resource that was made but not finished is a result with `initErrors`. */
  create(request: { urn: string; inputs: Properties; adopt: boolean }): Promise<ProviderResult>;
  update(request: {
    urn: string;
    id: string;
    oldInputs: Properties;
    oldOutputs: Properties;
    inputs: Properties;
  }): Promise<ProviderResult>;
  /** What the service has; undefined when it is gone. */
  read(request: {
    urn: string;
    id: string;
    inputs: Properties;
    outputs: Properties;
  }): Promise<ProviderState | undefined>;
  remove(request: { urn: string; id: string; inputs: Properties; outputs: Properties }): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
}

/** Checks the inputs of a provider resource with its plugin; a plugin without an opinion takes them as they are. */
export async function checkProviderInputs(plugin: PluginProcess, urn: string, inputs: Properties): Promise<Properties> {
  const request = new messages.CheckRequest();
  request.setUrn(urn);
  request.setOlds(toStruct({}));
  request.setNews(toStruct(inputs));
  try {
    const answer = await call(plugin.client, plugin.client.checkConfig, request);
    throwFailures(answer.getFailuresList());
    return fromStruct(answer.getInputs());
  } catch (error) {
    if ((error as ServiceError).code === grpc.status.UNIMPLEMENTED) return inputs;
    throw error;
  }
}

/** Configures a plugin with the inputs of its provider resource. */
export async function configureProviderPlugin(plugin: PluginProcess, inputs: Properties): Promise<ResourceProvider> {
  const request = new messages.ConfigureRequest();
  request.setArgs(toStruct(inputs));
  request.setAcceptsecrets(true);
  request.setSendsOldInputs(true);
  request.setSendsOldInputsToDelete(true);
  const answer = await call(plugin.client, plugin.client.configure, request);
  return makeResourceProvider(plugin, answer.getAcceptsecrets());
}

function makeResourceProvider({ client }: PluginProcess, acceptsSecrets: boolean): ResourceProvider {
  const struct = (properties: Properties) =>
    toStruct(acceptsSecrets ? properties : withoutSecrets<Properties>(properties));

  return {
    async check({ urn, inputs, oldInputs }) {
      const request = new messages.CheckRequest();
      request.setUrn(urn);
      request.setOlds(struct(oldInputs));
      request.setNews(struct(inputs));
      request.setRandomseed(randomBytes(32));
      const answer = await call(client, client.check, request);
      throwFailures(answer.getFailuresList());
      return fromStruct(answer.getInputs());
    },
    async diff({ urn, id, oldInputs, oldOutputs, inputs }) {
      const request = new messages.DiffRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOlds(struct(oldOutputs));
      request.setOldInputs(struct(oldInputs));
      request.setNews(struct(inputs));
      const answer = await call(client, client.diff, request);
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      const changes = answer.getChanges();
      const own = diffProperties(withoutSecrets(oldInputs), withoutSecrets(inputs)).map(({ path }) => path);
      const detailed = answer.getHasdetaileddiff() ? [...answer.getDetaileddiffMap().keys()] : answer.getDiffsList();
      const hasChanges = changes === DIFF_SOME || (changes !== DIFF_NONE && own.length > 0);
      return {
        hasChanges: hasChanges || answer.getReplacesList().length > 0,
        paths: detailed.length > 0 ? detailed : hasChanges ? own : [],
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
      };
    },
    async create({ urn, inputs, adopt }) {
      const request = new messages.CreateRequest();
      request.setUrn(urn);
      request.setProperties(struct(inputs));
      const metadata = new grpc.Metadata();
      if (adopt) metadata.set(adoptKey, "true");
      return orIncomplete(async () => {
        const answer = await call(client, client.create, request, metadata);
        if (answer.getId() === "") throw new Error("the provider returned no id");
        return { id: answer.getId(), outputs: fromStruct(answer.getProperties()) };
      });
    },
    async update({ urn, id, oldInputs, oldOutputs, inputs }) {
      const request = new messages.UpdateRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOlds(struct(oldOutputs));
      request.setOldInputs(struct(oldInputs));
      request.setNews(struct(inputs));
      return orIncomplete(async () => {
        const answer = await call(client, client.update, request);
        return { id, outputs: fromStruct(answer.getProperties()) };
      });
    },
    async read({ urn, id, inputs, outputs }) {
      const request = new messages.ReadRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setInputs(struct(inputs));
      request.setProperties(struct(outputs));
      const answer = await call(client, client.read, request);
      if (answer.getId() === "") return undefined;
      return {
        id: answer.getId(),
        inputs: fromStruct(answer.getInputs()),
        outputs: fromStruct(answer.getProperties()),
      };
    },
    async remove({ urn, id, inputs, outputs }) {
      const request = new messages.DeleteRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setProperties(struct(outputs));
      request.setOldInputs(struct(inputs));
      await call(client, client.delete, request);
    },
    async invoke(token, args) {
      const request = new messages.InvokeRequest();
      request.setTok(token);
      request.setArgs(struct(args));
      const answer = await call(client, client.invoke, request);
      throwFailures(answer.getFailuresList());
      return fromStruct(answer.getReturn());
    },
  };
}

function throwFailures(failures: readonly { getProperty(): string; getReason(): string }[]): void {
  if (failures.length > 0) throw new Error(failures.map((failure) => failure.getReason()).join("; "));
}

/** Reads "made, but not finished" out of an error: status details of type ErrorResourceInitFailed. */
async function orIncomplete(act: () => Promise<ProviderResult>): Promise<ProviderResult> {
  try {
    return await act();
  } catch (error) {
    const [trailer] = (error as ServiceError).metadata?.get("grpc-status-details-bin") ?? [];
    if (!trailer) throw error;
    for (const packed of status.Status.deserializeBinary(trailer as Buffer).getDetailsList()) {
      if (!packed.getTypeName().endsWith("ErrorResourceInitFailed")) continue;
      const detail = messages.ErrorResourceInitFailed.deserializeBinary(packed.getValue_asU8());
      const reasons = detail.getReasonsList();
      return {
        id: detail.getId(),
        outputs: fromStruct(detail.getProperties()),
        initErrors: reasons.length > 0 ? reasons : [(error as ServiceError).details],
      };
    }
    throw error;
  }
}
