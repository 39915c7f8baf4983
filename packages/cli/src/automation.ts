import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "./errors.ts";
import { projectDirectory } from "./project.ts";

const run = promisify(execFile);

/** Says how to get the Pulumi CLI when it is not on PATH. A command asks once, before it touches a stack. */
export async function requirePulumi(): Promise<void> {
  try {
    await run("pulumi", ["version"], { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
  } catch (cause) {
    throw new UserError(
      "This command needs the Pulumi CLI, and `pulumi` is not on PATH: install it (https://www.pulumi.com/docs/install/), " +
        "then run it again. `npm start` needs no CLI: it runs the same program on a small engine of its own.",
      { cause },
    );
  }
}

/** Where and with which environment a stack is selected. */
export interface StackLocation {
  readonly stage: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Create the stack when the backend has none. */
  readonly create: boolean;
}

/** The stack of a stage on the Automation API's local program: the same bytes as `pulumi up` in this folder. */
export async function selectStack({ stage, environment = {}, create }: StackLocation): Promise<Stack> {
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  const args = { stackName: stage, workDir: projectDirectory };
  const options = { envVars: { PULUMI_SKIP_UPDATE_CHECK: "true", ...environment } };
  return create
    ? await LocalWorkspace.createOrSelectStack(args, options)
    : await LocalWorkspace.selectStack(args, options);
}

/** A deployed stage's outputs as plain values. Throws `UserError` when the stack does not exist. */
export async function readStackOutputs(stage: string): Promise<Record<string, unknown>> {
  await requirePulumi();
  try {
    const outputs = await (await selectStack({ stage, create: false })).outputs();
    return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, output.value as unknown]));
  } catch (cause) {
    throw new UserError(
      `Stack ${stage} cannot be read: log in to its backend with \`pulumi login\` and deploy it with \`npx millrace up --stage ${stage}\`.`,
      { cause },
    );
  }
}
