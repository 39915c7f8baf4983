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
        const { startLocalKinesis } = await import("../start-local-kinesis.ts");
        const kinesis = await startLocalKinesis({ ...options, log });
        return { url: kinesis.url, welcome: renderWelcome(kinesis, options), close: () => kinesis.close() };
      },
    },
    args,
  );
}
