import { localAccountId as account, localRegion as region } from "../aws-constants.ts";
import type { Properties } from "../pulumi/property-values.ts";

const vpcId = "vpc-00000000000000001";
const securityGroupId = "sg-00000000000000001";
const zones = ["a", "b", "c"].map((letter, index) => ({
  id: `subnet-0000000000000000${index + 1}`,
  availabilityZone: `${region}${letter}`,
  availabilityZoneId: `euw1-az${index + 1}`,
  cidrBlock: `172.31.${index * 16}.0/20`,
}));

/** What the local account looks like from outside: a default VPC with one subnet in each of three zones. */
const lookUps: Record<string, (args: Properties) => Properties> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: account,
    arn: `arn:aws:iam::${account}:user/local`,
    id: account,
    userId: "AIDALOCALLOCALLOCALL",
  }),
  "aws:index/getRegion:getRegion": () => ({
    description: "Europe (Ireland)",
    endpoint: `ec2.${region}.amazonaws.com`,
    id: region,
    name: region,
    region,
  }),
  "aws:index/getPartition:getPartition": () => ({
    dnsSuffix: "amazonaws.com",
    id: "aws",
    partition: "aws",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:ec2/getVpc:getVpc": (args) => ({
    ...args,
    arn: `arn:aws:ec2:${region}:${account}:vpc/${vpcId}`,
    cidrBlock: "172.31.0.0/16",
    cidrBlockAssociations: [
      { associationId: "vpc-cidr-assoc-00000000000000001", cidrBlock: "172.31.0.0/16", state: "associated" },
    ],
    default: true,
    dhcpOptionsId: "dopt-00000000000000001",
    enableDnsHostnames: true,
    enableDnsSupport: true,
    enableNetworkAddressUsageMetrics: false,
    id: found("VPC", args.id, [vpcId]),
    instanceTenancy: "default",
    ipv6AssociationId: "",
    ipv6CidrBlock: "",
    mainRouteTableId: "rtb-00000000000000001",
    ownerId: account,
    region,
    state: "available",
    tags: {},
  }),
  "aws:ec2/getSubnets:getSubnets": (args) => ({
    ...args,
    id: region,
    ids: zones.map(({ id }) => id),
    region,
    tags: {},
  }),
  "aws:ec2/getSubnet:getSubnet": (args) => {
    const id = found(
      "subnet",
      args.id,
      zones.map((zone) => zone.id),
    );
    const zone =
      zones.find((candidate) =>
        args.id ? candidate.id === id : candidate.availabilityZone === args.availabilityZone,
      ) ?? zones[0]!;
    return {
      ...args,
      ...zone,
      arn: `arn:aws:ec2:${region}:${account}:subnet/${zone.id}`,
      assignIpv6AddressOnCreation: false,
      availableIpAddressCount: 4091,
      customerOwnedIpv4Pool: "",
      defaultForAz: true,
      enableDns64: false,
      enableLniAtDeviceIndex: 0,
      enableResourceNameDnsARecordOnLaunch: false,
      enableResourceNameDnsAaaaRecordOnLaunch: false,
      ipv6CidrBlock: "",
      ipv6CidrBlockAssociationId: "",
      ipv6Native: false,
      mapCustomerOwnedIpOnLaunch: false,
      mapPublicIpOnLaunch: true,
      outpostArn: "",
      ownerId: account,
      privateDnsHostnameTypeOnLaunch: "ip-name",
      region,
      state: "available",
      tags: {},
      vpcId,
    };
  },
  "aws:ec2/getSecurityGroup:getSecurityGroup": (args) => ({
    ...args,
    arn: `arn:aws:ec2:${region}:${account}:security-group/${securityGroupId}`,
    description: "default VPC security group",
    id: found("security group", args.id, [securityGroupId]),
    name: "default",
    region,
    tags: {},
    vpcId,
  }),
  "aws:kms/getAlias:getAlias": (args) => {
    const keyId = "00000000-0000-0000-0000-000000000001";
    return {
      arn: `arn:aws:kms:${region}:${account}:${String(args.name)}`,
      id: String(args.name),
      name: String(args.name),
      region,
      targetKeyArn: `arn:aws:kms:${region}:${account}:key/${keyId}`,
      targetKeyId: keyId,
    };
  },
};

/** Tokens of every look-up that the local cloud answers. */
export const lookUpTokens: readonly string[] = Object.keys(lookUps);

/** Answers a look-up. Throws an Error that names the token, or the id, that the local cloud does not have. */
export function lookUp(token: string, args: Properties): Properties {
  const answer = lookUps[token];
  if (!answer) throw new Error(`The local cloud has no look-up ${token}: it answers ${lookUpTokens.join(", ")}.`);
  return answer(args);
}

function found(what: string, asked: unknown, ids: readonly string[]): string {
  if (asked === undefined || asked === null) return ids[0]!;
  if (ids.includes(String(asked))) return String(asked);
  throw new Error(`The local cloud has no ${what} ${String(asked)}: it has ${ids.join(", ")}.`);
}
