import { isDeepStrictEqual } from "node:util";
import {
  CreateWorkgroupCommand,
  DeleteWorkgroupCommand,
  GetWorkgroupCommand,
  UpdateWorkgroupCommand,
  type ConfigParameter,
  type RedshiftServerlessClient,
  type UpdateWorkgroupCommandInput,
  type Workgroup,
} from "@aws-sdk/client-redshift-serverless";
import type { Properties } from "../pulumi/property-values.ts";
import { changeTags, isMissing, readTags, toPlain } from "./redshift-serverless.ts";
import { IncompleteResourceError, type ActualResource, type ResourceHandler } from "./resource-handler.ts";
import type { Tag } from "./tags.ts";
import { waitUntil } from "./wait-until.ts";

/** AWS refuses more than one of these in a call: "can't update multiple configurations at the same time". */
const updatable = [
  "baseCapacity",
  "maxCapacity",
  "configParameters",
  "enhancedVpcRouting",
  "port",
  "pricePerformanceTarget",
  "publiclyAccessible",
  "securityGroupIds",
  "subnetIds",
  "trackName",
] as const;
const createOnly = ["namespaceName", "workgroupName"];
const emulated = new Set<string>([...createOnly, ...updatable, "tags"]);

/** `aws-native:redshiftserverless:Workgroup` through the Redshift Serverless API. */
export function makeRedshiftWorkgroup(client: RedshiftServerlessClient): ResourceHandler {
  const get = async (workgroupName: string): Promise<Workgroup | undefined> => {
    try {
      return (await client.send(new GetWorkgroupCommand({ workgroupName }))).workgroup;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  const settled = async (name: string): Promise<Workgroup> => {
    const workgroup = await waitUntil(
      `Workgroup ${name} to become available`,
      () => get(name),
      (seen) => seen === undefined || seen.status === "AVAILABLE",
    );
    if (!workgroup) throw new Error(`Workgroup ${name} is gone: refresh, then deploy again`);
    return workgroup;
  };
  const read = async (id: string): Promise<ActualResource | undefined> => {
    const workgroup = await get(id);
    if (!workgroup) return undefined;
    const tags = await readTags(client, workgroup.workgroupArn);
    return { id, inputs: toInputs(workgroup, tags), attributes: { workgroup: toPlain(workgroup) } };
  };
  const bring = async (name: string, from: Properties, to: Properties): Promise<void> => {
    for (const key of updatable) {
      if (to[key] === undefined || isSame(key, from[key], to[key])) continue;
      await settled(name);
      await client.send(
        new UpdateWorkgroupCommand({ workgroupName: name, [key]: to[key] } as unknown as UpdateWorkgroupCommandInput),
      );
    }
    const { workgroupArn } = await settled(name);
    await changeTags(client, workgroupArn, from.tags as Tag[] | undefined, to.tags as Tag[] | undefined);
  };
  const attributesOf = async (name: string): Promise<Properties> => ({ workgroup: toPlain(await settled(name)) });

  return {
    createOnly,
    nameKey: "workgroupName",
    tagForm: "list",
    check: (inputs) =>
      Object.keys(inputs)
        .filter((key) => !emulated.has(key))
        .map((key) => ({ property: key, reason: `the local Redshift does not emulate ${key} of a workgroup` })),
    async create(inputs, { adopt }) {
      const name = String(inputs.workgroupName);
      let isAdopted = false;
      try {
        await client.send(new CreateWorkgroupCommand(inputs as never));
      } catch (error) {
        if (!adopt || (error as Error).name !== "ConflictException") throw error;
        isAdopted = true;
      }
      try {
        await settled(name);
        if (isAdopted) await bring(name, (await read(name))?.inputs ?? {}, inputs);
        return { id: name, attributes: await attributesOf(name) };
      } catch (error) {
        throw new IncompleteResourceError({ id: name, attributes: {} }, error);
      }
    },
    read,
    async update(id, _oldInputs, inputs) {
      const actual = await read(id);
      if (!actual) throw new Error(`Workgroup ${id} is gone: refresh, then deploy again`);
      await bring(id, actual.inputs, inputs);
      return attributesOf(id);
    },
    async remove(id) {
      try {
        await client.send(new DeleteWorkgroupCommand({ workgroupName: id }));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
      await waitUntil(
        `Workgroup ${id} to go`,
        () => get(id),
        (seen) => seen === undefined,
      );
    },
  };
}

function toInputs(workgroup: Workgroup, tags: readonly Tag[]): Properties {
  const plain = toPlain(workgroup);
  const keys = [...createOnly, ...updatable].filter((key) => plain[key] !== undefined);
  return {
    ...Object.fromEntries(keys.map((key) => [key, plain[key]])),
    ...(tags.length > 0 ? { tags } : {}),
  };
}

function isSame(key: string, from: unknown, to: unknown): boolean {
  if (key === "configParameters") return isSameParameters(from as ConfigParameter[], to as ConfigParameter[]);
  const sorted = (value: unknown) => (Array.isArray(value) ? value.toSorted() : value);
  return isDeepStrictEqual(sorted(from), sorted(to));
}

/** The service lists every parameter with its value; only those asked for count. */
function isSameParameters(from: readonly ConfigParameter[] = [], to: readonly ConfigParameter[] = []): boolean {
  return to.every((wanted) =>
    from.some((has) => has.parameterKey === wanted.parameterKey && has.parameterValue === wanted.parameterValue),
  );
}
