import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { OpMap, Stack } from "@pulumi/pulumi/automation/index.js";
import { claimDirectory, type LocalCloud, makeLocalEnvironment, startLocalCloud } from "@millrace/local-cloud";
import { requirePulumi, selectStack } from "../automation.ts";
import { type Command, command, jsonOption } from "../command-line.ts";
import { UserError } from "../errors.ts";
import type { InterruptedError } from "../interruption.ts";
import { printJson, printLine } from "../output.ts";
import { localPulumiDirectory, projectDirectory } from "../project.ts";
import { refuseEndpointOverrides, requireStackFile } from "../stage.ts";

/** What an operation of the engine changed. */
interface StackResult {
  readonly stage: string;
  readonly operation: string;
  readonly changes: Readonly<Record<string, number>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface StackOptions {
  readonly onOutput: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Each operation of the Automation API, brought to one shape. */
const operations = {
  preview: async (stack: Stack, options: StackOptions) => ({ changes: (await stack.preview(options)).changeSummary }),
  up: async (stack: Stack, options: StackOptions) => {
    const { summary, outputs } = await stack.up(options);
    const plain = Object.entries(outputs).map(([name, output]) => [
      name,
      output.secret ? "[secret]" : (output.value as unknown),
    ]);
    return { changes: summary.resourceChanges ?? {}, outputs: Object.fromEntries(plain) as Record<string, unknown> };
  },
  refresh: async (stack: Stack, options: StackOptions) => ({
    changes: (await stack.refresh(options)).summary.resourceChanges ?? {},
  }),
  destroy: async (stack: Stack, options: StackOptions) => ({
    changes: (await stack.destroy(options)).summary.resourceChanges ?? {},
  }),
} satisfies Record<
  string,
  (stack: Stack, options: StackOptions) => Promise<{ changes: OpMap; outputs?: Record<string, unknown> }>
>;

/** `millrace preview | up | refresh | destroy`: the Pulumi engine on the same program as `pulumi` itself in this folder. */
export const preview = stackCommand("preview", "Show what `up` would change in a stage (Pulumi CLI needed)");
export const up = stackCommand("up", "Bring a stage to what the program and its stack file say (Pulumi CLI needed)");
export const refresh = stackCommand("refresh", "Read a stage's resources back into its state (Pulumi CLI needed)");
export const destroy = stackCommand("destroy", "Delete a stage's resources (Pulumi CLI needed)");

function stackCommand(operation: keyof typeof operations, description: string): Command {
  return command({
    name: operation,
    description,
    args: {
      stage: {
        type: "string",
        required: true,
        description: "Stage: local, staging, production, …",
        valueHint: "STAGE",
      },
      json: jsonOption,
    },
    examples: [
      [`npx millrace ${operation} --stage staging`, "with the backend you are logged in to and your AWS credentials"],
      [`npx millrace ${operation} --stage local`, "the real engine on the local cloud; no account"],
    ],
    async run({ stage, json }, signal) {
      requireStackFile(stage);
      if (stage !== "local") refuseEndpointOverrides(stage);
      await requirePulumi();
      const onOutput = (text: string): void => {
        if (!json) process.stderr.write(text);
      };
      const result = await onStack(stage, operation, { onOutput, signal: signalForPulumi(signal) });
      if (json) printJson(result);
      else printLine(renderResult(result));
      return 0;
    },
  });
}

async function onStack(stage: string, operation: keyof typeof operations, options: StackOptions): Promise<StackResult> {
  const host = stage === "local" ? await hostLocalStack() : { environment: {}, close: async () => {} };
  try {
    const create = operation === "up" || operation === "preview";
    const stack = await selectStack({ stage, create, environment: host.environment }).catch((cause: unknown) => {
      throw new UserError(`Stack ${stage} cannot be selected: is it deployed, and are you logged in to its backend?`, {
        cause,
      });
    });
    const { changes, ...rest } = await operations[operation](stack, options).catch((cause: unknown) => {
      throw new UserError(`millrace ${operation} failed for stage ${stage}.`, { cause });
    });
    return { stage, operation, changes: changes as Record<string, number>, ...rest };
  } finally {
    await host.close();
  }
}

/**
 * Aborted when the CLI has to be told to stop. Not by Ctrl-C on a terminal, which the CLI hears of itself: at a second interrupt it ends
 * at once, with operations pending and the stack locked.
 */
function signalForPulumi(signal: AbortSignal): AbortSignal {
  const forwarded = new AbortController();
  signal.addEventListener("abort", () => {
    const { signalName } = signal.reason as InterruptedError;
    if (signalName !== "SIGINT" || !process.stdin.isTTY) forwarded.abort(signal.reason);
  });
  return forwarded.signal;
}

/** The local cloud and the environment under which the real engine meets only this machine. */
async function hostLocalStack(): Promise<{ environment: Record<string, string>; close(): Promise<void> }> {
  const backend = join(localPulumiDirectory, "backend");
  await mkdir(backend, { recursive: true });
  const cloud = await startPulumiCloud(localPulumiDirectory).catch((error: Error) => {
    throw new UserError(error.message, { cause: error.cause });
  });
  const path = [pulumiNodejsProviderDirectory, join(projectDirectory, "node_modules", ".bin"), process.env["PATH"]];
  const { no_proxy, NO_PROXY } = process.env;
  return {
    environment: {
      ...makeLocalEnvironment({ PATH: path.join(delimiter), no_proxy, NO_PROXY }, cloud.url),
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "local",
      // What a shell may have set for real stages; the program refuses each of them for this one.
      AWS_PROFILE: "",
      PULUMI_DEBUG_PROVIDERS: "",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "",
    },
    close: () => cloud.close(),
  };
}

async function startPulumiCloud(directory: string): Promise<LocalCloud> {
  claimDirectory(directory, "pulumi");
  return startLocalCloud({ directory, port: 0 });
}

/** `@pulumi/pulumi` ships the dynamic provider's executable; the CLI's own distribution has it beside the CLI. */
const pulumiNodejsProviderDirectory = join(projectDirectory, "node_modules", "@pulumi", "pulumi");

function renderResult({ stage, operation, changes, outputs }: StackResult): string {
  const counts = Object.entries(changes).map(([name, count]) => `${count} ${name}`);
  const lines = Object.entries(outputs ?? {}).map(([name, value]) => `  ${name}: ${String(value)}`);
  return [`${operation} of ${stage}: ${counts.join(", ") || "nothing to do"}`, ...lines].join("\n");
}
