import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

/** AWS's clients for Python. */
export interface PythonClients {
  /** Whether this machine has them; their tests are skipped otherwise. */
  readonly isFound: boolean;
  /** Runs Python as on a machine where nothing of AWS is set up but credentials, a region and what `environment` adds. */
  run(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<{ readonly stdout: string; readonly stderr: string }>;
}

/**
 * Looks for a Python that has boto3 and awscli, which `MILLRACE_PYTHON` may name, for tests of a service. Says on stderr when there is
 * none; throws then if `MILLRACE_REQUIRE_PYTHON` is set.
 */
export function findPythonClients(service: string): PythonClients {
  const python = process.env["MILLRACE_PYTHON"] ?? "python3";
  const isFound = spawnSync(python, ["-c", "import boto3, awscli"]).status === 0;
  if (!isFound) {
    const missing = `${python} cannot import boto3 and awscli`;
    if (process.env["MILLRACE_REQUIRE_PYTHON"]) throw new Error(`MILLRACE_REQUIRE_PYTHON is set and ${missing}`);
    const box = "!".repeat(100);
    process.stderr.write(
      `\n${box}\n!! SKIPPED: boto3 and the AWS CLI against ${service}: ${missing}\n` +
        `!! python3 -m venv .millrace/python && .millrace/python/bin/pip install -r packages/local-kinesis/testing/second-clients/requirements.txt\n` +
        `!! then set MILLRACE_PYTHON to the path of .millrace/python/bin/python\n${box}\n\n`,
    );
  }
  const { PATH, HOME } = process.env;
  const bare = {
    PATH,
    HOME,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    PYTHONUTF8: "1",
  };
  return {
    isFound,
    run: (args, environment) => promisify(execFile)(python, [...args], { env: { ...bare, ...environment } }),
  };
}
