import type { WireRequest, WireService } from "@millrace/local-wire";

/** A workgroup that is there from the start. */
export interface ProvidedWorkgroup {
  readonly workgroupName: string;
  readonly database: string;
  /** The secret of the namespace's admin, for the Data API's `SecretArn`. */
  readonly secretArn: string;
  /** The role that `IAM_ROLE default` stands for. */
  readonly roleArn: string;
}

/**
 * Sees to it that there is a workgroup of a name, and asks the control plane for it as a client would: its namespace has the same name, a
 * managed admin password, and one role that is its default. Throws what the control plane answers to a name that is none.
 */
export async function provideWorkgroup(
  services: readonly WireService[],
  name: string,
  accountId: string,
): Promise<ProvidedWorkgroup> {
  const serverless = services.find((service) => service.targetPrefix === "RedshiftServerless")!;
  const ask = <Answer>(operation: string, input: Record<string, unknown>) =>
    serverless.handle(requestFor(operation, input)) as Promise<Answer>;
  const roleArn = `arn:aws:iam::${accountId}:role/local-redshift`;
  const workgroups = await ask<{ workgroups: readonly Workgroup[] }>("ListWorkgroups", {});
  let workgroup = workgroups.workgroups.find(({ workgroupName }) => workgroupName === name);
  if (workgroup === undefined) {
    const { namespaces } = await ask<{ namespaces: readonly Namespace[] }>("ListNamespaces", {});
    if (!namespaces.some(({ namespaceName }) => namespaceName === name))
      await ask("CreateNamespace", {
        namespaceName: name,
        manageAdminPassword: true,
        iamRoles: [roleArn],
        defaultIamRoleArn: roleArn,
      });
    const created = { workgroupName: name, namespaceName: name };
    ({ workgroup } = await ask<{ workgroup: Workgroup }>("CreateWorkgroup", created));
  }
  const { namespaceName } = workgroup;
  const { namespace } = await ask<{ namespace: Namespace }>("GetNamespace", { namespaceName });
  return {
    workgroupName: name,
    database: namespace.dbName,
    secretArn: namespace.adminPasswordSecretArn ?? "",
    roleArn: namespace.defaultIamRoleArn ?? "",
  };
}

interface Workgroup {
  readonly workgroupName: string;
  readonly namespaceName: string;
}

interface Namespace {
  readonly namespaceName: string;
  readonly dbName: string;
  readonly adminPasswordSecretArn?: string;
  readonly defaultIamRoleArn?: string;
}

function requestFor(operation: string, input: Record<string, unknown>): WireRequest {
  const { signal } = new AbortController();
  return { operation, input, protocol: "json", requestId: "", region: "", accessKeyId: "", signal };
}
