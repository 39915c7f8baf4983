import { isDeepStrictEqual } from "node:util";
import {
  CreateNamespaceCommand,
  DeleteNamespaceCommand,
  GetNamespaceCommand,
  UpdateNamespaceCommand,
  type LogExport,
  type Namespace,
  type RedshiftServerlessClient,
  type UpdateNamespaceCommandInput,
} from "@aws-sdk/client-redshift-serverless";
import type { Properties } from "../pulumi/property-values.ts";
import { changeTags, isMissing, readTags, toPlain } from "./redshift-serverless.ts";
import { IncompleteResourceError, type ActualResource, type ResourceHandler } from "./resource-handler.ts";
import type { Tag } from "./tags.ts";
import { waitUntil } from "./wait-until.ts";

interface NamespaceInputs {
  readonly namespaceName: string;
  readonly dbName?: string;
  readonly adminUsername?: string;
  readonly adminUserPassword?: string;
  readonly manageAdminPassword?: boolean;
  readonly adminPasswordSecretKmsKeyId?: string;
  readonly defaultIamRoleArn?: string;
  readonly iamRoles?: readonly string[];
  readonly kmsKeyId?: string;
  readonly logExports?: readonly LogExport[];
  readonly tags?: readonly Tag[];
}

/** Properties that change together are one call; AWS refuses several groups at once (hashicorp/terraform-provider-aws#39249). */
const updateGroups: readonly (readonly (keyof NamespaceInputs)[])[] = [
  ["adminUsername", "adminUserPassword"],
  ["manageAdminPassword", "adminPasswordSecretKmsKeyId"],
  ["iamRoles", "defaultIamRoleArn"],
  ["kmsKeyId"],
  ["logExports"],
];
const emulated = new Set<string>(["namespaceName", "dbName", "tags", ...updateGroups.flat()]);
const unorderedKeys = ["iamRoles", "logExports"];

/** `aws-native:redshiftserverless:Namespace` through the Redshift Serverless API. */
export function makeRedshiftNamespace(client: RedshiftServerlessClient): ResourceHandler {
  const get = async (namespaceName: string): Promise<Namespace | undefined> => {
    try {
      return (await client.send(new GetNamespaceCommand({ namespaceName }))).namespace;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  const settled = async (name: string): Promise<Namespace> => {
    const namespace = await waitUntil(
      `Namespace ${name} to become available`,
      () => get(name),
      (seen) => seen === undefined || seen.status === "AVAILABLE",
    );
    if (!namespace) throw new Error(`Namespace ${name} is gone: refresh, then deploy again`);
    return namespace;
  };
  const read = async (id: string): Promise<ActualResource | undefined> => {
    const namespace = await get(id);
    if (!namespace) return undefined;
    const tags = await readTags(client, namespace.namespaceArn);
    return { id, inputs: toInputs(namespace, tags), attributes: { namespace: toPlain(namespace) } };
  };
  const bring = async (name: string, from: NamespaceInputs, to: NamespaceInputs): Promise<void> => {
    if (to.dbName !== undefined && from.dbName !== undefined && to.dbName !== from.dbName) {
      throw new Error(
        `dbName of namespace ${name} cannot be changed from ${from.dbName} to ${to.dbName}: give the namespace another name too, which replaces it`,
      );
    }
    for (const group of updateGroups) {
      const changed = group.filter((key) => to[key] !== undefined && !isSame(key, from[key], to[key]));
      if (changed.length === 0) continue;
      const values = Object.fromEntries(group.filter((key) => to[key] !== undefined).map((key) => [key, to[key]]));
      await client.send(new UpdateNamespaceCommand({ namespaceName: name, ...values } as UpdateNamespaceCommandInput));
      await settled(name);
    }
    await changeTags(client, (await settled(name)).namespaceArn, from.tags, to.tags);
  };
  const attributesOf = async (name: string): Promise<Properties> => ({ namespace: toPlain(await settled(name)) });

  return {
    createOnly: ["namespaceName"],
    nameKey: "namespaceName",
    tagForm: "list",
    check: (inputs) =>
      Object.keys(inputs)
        .filter((key) => !emulated.has(key))
        .map((key) => ({ property: key, reason: `the local Redshift does not emulate ${key} of a namespace` })),
    async create(inputs, { adopt }) {
      const wanted = inputs as unknown as NamespaceInputs;
      const name = wanted.namespaceName;
      let isAdopted = false;
      try {
        await client.send(new CreateNamespaceCommand(wanted as never));
      } catch (error) {
        if (!adopt || (error as Error).name !== "ConflictException") throw error;
        isAdopted = true;
      }
      try {
        const attributes = await attributesOf(name);
        if (!isAdopted) return { id: name, attributes };
        const actual = await read(name);
        await bring(name, { ...wanted, ...actual?.inputs }, wanted);
        return { id: name, attributes: await attributesOf(name) };
      } catch (error) {
        throw new IncompleteResourceError({ id: name, attributes: {} }, error);
      }
    },
    read,
    async update(id, oldInputs, inputs) {
      const actual = await read(id);
      if (!actual) throw new Error(`Namespace ${id} is gone: refresh, then deploy again`);
      // A password cannot be read back, so for it the old inputs count.
      const from = { ...oldInputs, ...actual.inputs, tags: actual.inputs.tags };
      await bring(id, from as unknown as NamespaceInputs, inputs as unknown as NamespaceInputs);
      return attributesOf(id);
    },
    async remove(id) {
      try {
        await client.send(new DeleteNamespaceCommand({ namespaceName: id }));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
      await waitUntil(
        `Namespace ${id} to go`,
        () => get(id),
        (seen) => seen === undefined,
      );
    },
  };
}

function toInputs(namespace: Namespace, tags: readonly Tag[]): Properties {
  return {
    namespaceName: namespace.namespaceName,
    dbName: namespace.dbName,
    adminUsername: namespace.adminUsername,
    manageAdminPassword: namespace.adminPasswordSecretArn !== undefined,
    ...(namespace.defaultIamRoleArn ? { defaultIamRoleArn: namespace.defaultIamRoleArn } : {}),
    iamRoles: (namespace.iamRoles ?? []).map(roleArn),
    ...(namespace.kmsKeyId ? { kmsKeyId: namespace.kmsKeyId } : {}),
    logExports: namespace.logExports ?? [],
    ...(tags.length > 0 ? { tags } : {}),
  };
}

/** AWS renders attached roles as `IamRole(applyStatus=in-sync, iamRoleArn=arn:…)` (hashicorp/terraform-provider-aws#26624). */
function roleArn(role: string): string {
  return /arn:[^,)\s]+/.exec(role)?.[0] ?? role;
}

function isSame(key: string, from: unknown, to: unknown): boolean {
  const sorted = (value: unknown) => (Array.isArray(value) && unorderedKeys.includes(key) ? value.toSorted() : value);
  return isDeepStrictEqual(sorted(from), sorted(to));
}
