import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  jsonStringify,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { type PolicyDocument, trustPolicy } from "./policies.ts";

export interface ServiceRoleArgs {
  /** Physical name, for a role that SQL or a person refers to; otherwise the provider makes one up. */
  readonly roleName?: string;
  readonly description: string;
  /** The service principals that may assume the role. */
  readonly services: readonly string[];
  /** The account on whose behalf they may. */
  readonly accountId: Input<string>;
  /** The one resource on whose behalf they may, where its ARN is known beforehand. */
  readonly sourceArn?: Input<string>;
  readonly policy: PolicyDocument;
}

/** A role that AWS services assume, with one inline policy. */
export class ServiceRole extends ComponentResource {
  /** Known only once the policy is there too, so that who uses the ARN finds the permissions. */
  readonly arn: Output<string>;
  /** For who refers to the role by name and so must wait for its permissions. */
  readonly policy: Resource;

  constructor(name: string, args: ServiceRoleArgs, opts?: ComponentResourceOptions) {
    super("millrace:identity:ServiceRole", name, {}, opts);

    const { services, accountId, sourceArn } = args;
    const trust = trustPolicy({ services, accountId, ...(sourceArn === undefined ? {} : { sourceArn }) });

    const role = new Role(
      name,
      { name: args.roleName, description: args.description, assumeRolePolicy: jsonStringify(trust) },
      { parent: this },
    );
    const policy = new RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: jsonStringify(args.policy) },
      { parent: this },
    );

    this.arn = policy.id.apply(() => role.arn);
    this.policy = policy;
    this.registerOutputs({ arn: this.arn });
  }
}
