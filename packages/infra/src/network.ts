import { RunError } from "@pulumi/pulumi";
import { getSecurityGroup } from "@pulumi/aws/ec2/getSecurityGroup.js";
import { getSubnet } from "@pulumi/aws/ec2/getSubnet.js";
import { getSubnets } from "@pulumi/aws/ec2/getSubnets.js";
import { getVpc } from "@pulumi/aws/ec2/getVpc.js";
import type { Provider } from "@pulumi/aws/provider.js";
import type { NetworkSettings } from "./settings.ts";

/** Where the workgroup's network interfaces live. */
export interface Network {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

export interface Subnet {
  readonly id: string;
  readonly availabilityZone: string;
  readonly mapPublicIpOnLaunch: boolean;
}

/**
 * Zones that a workgroup's subnets must span. The guide asks for three with enhanced VPC routing and two without;
 * creation was seen to fail with two, so three it is. Source: Redshift Management Guide, serverless-usage-considerations.
 */
const zoneCount = 3;

/**
 * Answers the subnets and security groups of a stage: those given, checked for their zones, or those of the account's
 * default VPC. Throws a `RunError` with the cure where they do not do.
 */
export async function findNetwork(
  settings: NetworkSettings,
  about: { readonly isProduction: boolean; readonly provider: Provider },
): Promise<Network> {
  const invoke = { provider: about.provider };
  if (settings.kind === "given") {
    const subnets = await Promise.all(settings.subnetIds.map((id) => getSubnet({ id }, invoke)));
    checkGivenSubnets(subnets, about.isProduction);
    return settings;
  }
  const vpc = await getVpc({ default: true }, invoke).catch((cause: unknown) => {
    throw new RunError(
      `The default VPC could not be looked up; set millrace:subnetIds and millrace:securityGroupIds to use another. ${String(cause)}`,
    );
  });
  const [{ ids }, group] = await Promise.all([
    getSubnets({ filters: [{ name: "vpc-id", values: [vpc.id] }] }, invoke),
    getSecurityGroup({ vpcId: vpc.id, name: "default" }, invoke),
  ]);
  const subnets = await Promise.all(ids.map((id) => getSubnet({ id }, invoke)));
  return { subnetIds: chooseSubnets(subnets), securityGroupIds: [group.id] };
}

/**
 * Chooses one subnet in each of three zones, the same ones whatever order AWS lists them in: first by zone, then by id.
 */
export function chooseSubnets(subnets: readonly Subnet[]): string[] {
  const byZone = new Map<string, string>();
  for (const { id, availabilityZone } of [...subnets].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!byZone.has(availabilityZone)) byZone.set(availabilityZone, id);
  }
  const chosen = [...byZone].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, zoneCount);
  if (chosen.length < zoneCount) {
    throw new RunError(
      `The default VPC has subnets in ${chosen.length} availability zones and Redshift Serverless needs ${zoneCount}: set millrace:subnetIds and millrace:securityGroupIds.`,
    );
  }
  return chosen.map(([, id]) => id);
}

/** Refuses given subnets in too few zones and, in production, those that hand out public addresses. */
export function checkGivenSubnets(subnets: readonly Subnet[], isProduction: boolean): void {
  const zones = new Set(subnets.map((subnet) => subnet.availabilityZone));
  if (zones.size < zoneCount) {
    throw new RunError(
      `millrace:subnetIds must span ${zoneCount} availability zones, got ${subnets.length} subnets in ${[...zones].sort().join(", ")}.`,
    );
  }
  const open = subnets.filter((subnet) => isProduction && subnet.mapPublicIpOnLaunch).map((subnet) => subnet.id);
  if (open.length > 0) {
    throw new RunError(
      `millrace:subnetIds must be private in production; these hand out public addresses: ${open.join(", ")}.`,
    );
  }
}
