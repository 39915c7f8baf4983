import { runCommand } from "@millrace/local-wire/command";
import { commandName, parseCommandLine, renderHelp } from "./command-line.ts";
import { renderWelcome } from "./welcome.ts";

/** Runs one command line until a signal ends it. Resolves with the exit status. */
export function main(args: readonly string[]): Promise<number> {
  return runCommand(
    {
      name: commandName,
      packageFile: new URL("../../package.json", import.meta.url),
      parse: parseCommandLine,
      renderHelp,
      async start(options, log) {
        const { startLocalRedshift } = await import("../local-redshift.ts");
        const redshift = await startLocalRedshift({
          ...options,
          ...(options.kinesis === undefined ? {} : { kinesis: { ...options.kinesis, ...namedCredentials() } }),
          log,
        });
        return { url: redshift.url, welcome: renderWelcome(redshift, options), close: () => redshift.close() };
      },
    },
    args,
  );
}

/** Credentials that the environment names are for the Kinesis; a local one takes any. */
function namedCredentials() {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  if (!accessKeyId || !secretAccessKey) return {};
  const sessionToken = process.env["AWS_SESSION_TOKEN"];
  return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } };
}
