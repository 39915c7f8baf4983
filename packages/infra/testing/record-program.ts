import { asset, runtime } from "@pulumi/pulumi";
import { program, type ProgramSurroundings } from "../src/program.ts";

/** A resource as the program registered it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** Logical name of the provider it was given; empty for providers, components and dynamic resources. */
  readonly provider: string;
  /** What keeps it from being deleted, and how it is replaced; only what is set. */
  readonly options: Readonly<Record<string, boolean>>;
}

export interface RecordedRun {
  readonly resources: readonly RecordedResource[];
  readonly invokes: readonly { readonly token: string; readonly provider: string }[];
  readonly outputs: Record<string, unknown>;
}

const accountId = "123456789012";

/**
 * Runs the program against mocks that answer as AWS would, and records all it registers. `subnets` are those of the
 * account; by default three of a default VPC.
 */
export async function recordProgram(
  surroundings: Partial<ProgramSurroundings> & { readonly stage: string },
  subnets = defaultSubnets,
): Promise<RecordedRun> {
  const resources: RecordedResource[] = [];
  const invokes: { token: string; provider: string }[] = [];
  const options = new Map<string, Record<string, boolean>>();
  await runtime.setMocks(
    {
      async newResource(args) {
        if (args.type === "pulumi:pulumi:Stack") return { id: "", state: {} };
        const inputs = (await plain(args.inputs)) as Record<string, unknown>;
        const provider = args.provider?.split("::").at(-2) ?? "";
        resources.push({
          type: args.type,
          name: args.name,
          inputs,
          provider,
          options: options.get(`${args.type} ${args.name}`) ?? {},
        });
        return { id: `${args.name}-id`, state: { ...args.inputs, ...reported(args.type, args.name, inputs) } };
      },
      call(args) {
        invokes.push({ token: args.token, provider: args.provider?.split("::").at(-2) ?? "" });
        return answer(args.token, args.inputs as Record<string, unknown>, subnets);
      },
    },
    "millrace",
    surroundings.stage,
    false,
  );
  // A failure is carried past the stack: Pulumi rejects several promises of its own with it, which nobody awaits.
  const failures: unknown[] = [];
  const outputs = await runtime.runInPulumiStack(() => {
    // Mocks are not told the options; a transformation is.
    runtime.registerStackTransformation(({ type, name, opts }) => {
      const { protect, retainOnDelete, deleteBeforeReplace } = { deleteBeforeReplace: false, ...opts };
      const set = Object.entries({ protect, retainOnDelete, deleteBeforeReplace }).filter(
        ([, value]) => value === true,
      );
      options.set(`${type} ${name}`, Object.fromEntries(set) as Record<string, boolean>);
      return undefined;
    });
    return program({
      env: {},
      config: {},
      isSecret: () => false,
      listMigrations: async () => [{ name: "V001__external_schema.sql", checksum: "c1" }],
      bundleHandler: async () => "export const handler = () => undefined;",
      ...surroundings,
    }).catch((failure: unknown) => void failures.push(failure));
  });
  await runtime.disconnect();
  if (failures.length > 0) throw failures[0];
  resources.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
  return { resources, invokes, outputs: outputs as Record<string, unknown> };
}

/** Three subnets in three zones, listed in no order. */
export const defaultSubnets = [
  { id: "subnet-0000000c", availabilityZone: "eu-west-1c", mapPublicIpOnLaunch: true },
  { id: "subnet-0000000a", availabilityZone: "eu-west-1a", mapPublicIpOnLaunch: true },
  { id: "subnet-0000000b", availabilityZone: "eu-west-1b", mapPublicIpOnLaunch: true },
];

function answer(
  token: string,
  inputs: Record<string, unknown>,
  subnets: typeof defaultSubnets,
): Record<string, unknown> {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId };
    case "aws:ec2/getVpc:getVpc":
      return { id: "vpc-00000001" };
    case "aws:ec2/getSubnets:getSubnets":
      return { ids: subnets.map((subnet) => subnet.id) };
    case "aws:ec2/getSubnet:getSubnet":
      return { ...subnets.find((subnet) => subnet.id === inputs["id"]) };
    case "aws:ec2/getSecurityGroup:getSecurityGroup":
      return { id: "sg-0000000d" };
    default:
      throw new Error(`the program asked for ${token}, which no test expects`);
  }
}

/** What AWS adds to the inputs. */
function reported(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const text = (key: string) => (typeof inputs[key] === "string" ? inputs[key] : name);
  const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${accountId}:${rest}`;
  switch (type) {
    case "aws-native:kinesis:Stream":
      return { arn: arn("kinesis", `stream/${text("name")}`) };
    case "aws-native:redshiftserverless:Namespace":
      return {
        namespace: {
          namespaceArn: arn("redshift-serverless", "namespace/n-1"),
          namespaceName: text("namespaceName"),
          adminPasswordSecretArn: arn("secretsmanager", "secret:redshift!managed-AbCdEf"),
        },
      };
    case "aws-native:redshiftserverless:Workgroup":
      return {
        workgroup: {
          workgroupArn: arn("redshift-serverless", "workgroup/w-1"),
          endpoint: { address: "warehouse.example", port: 5439 },
        },
      };
    case "aws:iam/role:Role":
      return { name: text("name"), arn: `arn:aws:iam::${accountId}:role/${text("name")}` };
    case "aws:kms/key:Key":
      return { arn: arn("kms", "key/k-1") };
    case "aws:lambda/function:Function":
      return { arn: arn("lambda", `function:${text("name")}`) };
    case "aws:cloudwatch/logGroup:LogGroup":
      return { arn: arn("logs", `log-group:${text("name")}`) };
    case "aws:sqs/queue:Queue":
      return { arn: arn("sqs", name) };
    case "aws:scheduler/scheduleGroup:ScheduleGroup":
      return { arn: arn("scheduler", `schedule-group/${text("name")}`) };
    case "pulumi-nodejs:dynamic/millrace:Migrations":
      return { migrationsApplied: 1, ledgerChecksum: "c1" };
    default:
      return {};
  }
}

const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** Shows secrets as `{ secret: value }`, archives as their texts and JSON documents as objects, so that tests read well. */
async function plain(value: unknown): Promise<unknown> {
  if (typeof value === "string" && /^\{.*\}$/s.test(value)) return JSON.parse(value) as unknown;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (asset.AssetArchive.isInstance(value)) return { archive: await plain(await (value as asset.AssetArchive).assets) };
  if (asset.StringAsset.isInstance(value)) return (value as asset.StringAsset).text;
  const object = value as Record<string, unknown>;
  if (object[signature] === secretMark) return { secret: await plain(object["value"]) };
  const entries = Object.entries(object).map(async ([key, its]) => [key, await plain(its)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
