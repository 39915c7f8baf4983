import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ProjectSettings } from "./project-settings.ts";

/** The program while it runs. */
export interface ProgramProcess {
  /** Resolves when the program ends: its exit code, null when a signal ended it, and the last lines it wrote as errors. */
  readonly ended: Promise<{ code: number | null; lastErrors: string }>;
  kill(): void;
}

/** Exit code of a program that has told its failure to the engine: @pulumi/pulumi/cmd/run. */
export const failureWasTold = 32;

/** Starts the unmodified program under Pulumi's own host, with this process's Node, against the services at `address`. */
export function startProgram(options: {
  settings: ProjectSettings;
  projectDirectory: string;
  stack: string;
  address: string;
  parallel: number;
  dryRun: boolean;
  environment: Readonly<Record<string, string>>;
  log?: ((line: string) => void) | undefined;
}): ProgramProcess {
  const { settings, projectDirectory, stack, address, parallel, dryRun, environment, log } = options;
  const host = createRequire(join(settings.programDirectory, "program.js")).resolve("@pulumi/pulumi/cmd/run");
  const child = spawn(
    process.execPath,
    [
      host,
      ...["--monitor", address, "--engine", address, "--organization", "organization"],
      ...["--project", settings.project, "--stack", stack, "--root-directory", projectDirectory],
      ...["--pwd", settings.programDirectory, "--parallel", String(parallel), ...(dryRun ? ["--dry-run"] : [])],
      settings.entry,
    ],
    {
      cwd: settings.programDirectory,
      env: { ...environment, PULUMI_CONFIG: JSON.stringify(settings.config), PULUMI_CONFIG_SECRET_KEYS: "[]" },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  const lastErrors: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => log?.(`program: ${line}`));
  createInterface({ input: child.stderr }).on("line", (line) => {
    lastErrors.splice(0, Math.max(0, lastErrors.length - 19));
    lastErrors.push(line);
    log?.(`program: ${line}`);
  });
  const ended = new Promise<{ code: number | null; lastErrors: string }>((resolve, reject) => {
    child.once("error", (cause) => reject(new Error("The program could not be started", { cause })));
    child.once("close", (code) => resolve({ code, lastErrors: lastErrors.join("\n") }));
  });
  return { ended, kill: () => child.kill("SIGKILL") };
}
