import { readdirSync } from "node:fs";
import { join } from "node:path";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { createKinesisClient } from "@millrace/producer";
import { createWarehouse, type SessionWarehouse } from "@millrace/warehouse";
import { readStackOutputs } from "./automation.ts";
import { UserError } from "./errors.ts";
import { localDirectory, projectDirectory } from "./project.ts";
import { findRunning } from "./running.ts";

const outputNames = [
  "region",
  "streamName",
  "workgroupName",
  "databaseName",
  "adminSecretArn",
  "redshiftRoleArn",
] as const;

/** The stack outputs that commands read; names are a contract with the program in `packages/infra`. */
export type StageOutputs = Readonly<Record<(typeof outputNames)[number], string>>;

/** Clients for one stage, local or deployed. */
export interface StageConnection {
  readonly stage: string;
  readonly outputs: StageOutputs;
  /** For reading and for single calls; retries as the SDK does. */
  readonly kinesis: KinesisClient;
  /** For the producer, which retries by itself. */
  readonly producerKinesis: KinesisClient;
  readonly warehouse: SessionWarehouse;
  close(): void;
}

/**
 * Connects to a stage: `local` through the running `npm start`, others through their stack's outputs and the caller's AWS credentials.
 * Throws `UserError` when nothing runs, the stack has no outputs, or `AWS_ENDPOINT_URL` would lead a deployed stage elsewhere.
 */
export async function connectStage(stage: string): Promise<StageConnection> {
  if (stage === "local") {
    const running = await findRunning(localDirectory);
    return connect(stage, running.outputs, running.cloud);
  }
  requireStackFile(stage);
  refuseEndpointOverrides(stage);
  return connect(stage, trustOutputs(stage, await readStackOutputs(stage)), undefined);
}

/** Clients for given outputs; `endpoint` is the local cloud's address, absent for AWS. */
export function connect(stage: string, outputs: StageOutputs, endpoint: string | undefined): StageConnection {
  const settings = {
    region: outputs.region,
    // Said in full, since the SDK refuses an endpoint of ours when a shell or ~/.aws/config asks for FIPS or dual stack.
    ...(endpoint && {
      endpoint,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
    }),
  };
  const clients = [new KinesisClient(settings), createKinesisClient(settings)] as const;
  const client = new RedshiftDataClient(settings);
  return {
    stage,
    outputs,
    kinesis: clients[0],
    producerKinesis: clients[1],
    warehouse: createWarehouse({
      client,
      target: {
        workgroupName: outputs.workgroupName,
        database: outputs.databaseName,
        secretArn: outputs.adminSecretArn,
      },
    }),
    close: () => {
      for (const one of clients) one.destroy();
      client.destroy();
    },
  };
}

/** Checks that the outputs hold what commands need; the message names what is missing. */
export function trustOutputs(stage: string, outputs: Record<string, unknown>): StageOutputs {
  const missing = outputNames.filter((name) => typeof outputs[name] !== "string");
  if (missing.length > 0) {
    throw new UserError(
      `Stack ${stage} has no output ${missing.join(", ")}: deploy it with \`npx millrace up --stage ${stage}\`, then run this again.`,
    );
  }
  return Object.fromEntries(outputNames.map((name) => [name, outputs[name]])) as StageOutputs;
}

/** A stage is a file in `stacks`: throws `UserError` with the stages that there are for any other name. */
export function requireStackFile(stage: string, directory: string = join(projectDirectory, "stacks")): void {
  const stages = readdirSync(directory).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  if (stages.includes(stage)) return;
  throw new UserError(
    `There is no stage ${JSON.stringify(stage)}: stacks/ has a file for ${stages.sort().join(", ")}. For a new stage write stacks/Pulumi.<stage>.yaml.`,
  );
}

/** A deployed stage must not be led to a local endpoint by a variable left in the shell. */
export function refuseEndpointOverrides(stage: string, environment: NodeJS.ProcessEnv = process.env): void {
  const set = Object.keys(environment).filter((name) => name.startsWith("AWS_ENDPOINT_URL") && environment[name]);
  if (set.length > 0) {
    throw new UserError(
      `Stage ${stage} is on AWS, but ${set.join(", ")} is set: unset it, so that the stages cannot cross.`,
    );
  }
}
