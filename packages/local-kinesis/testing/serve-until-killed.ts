import { startLocalKinesis } from "../src/index.ts";

/** Serves a directory until it is killed. Prints its URL. Argument: directory. */
const [directory = ""] = process.argv.slice(2);
const kinesis = await startLocalKinesis({ directory, port: 0, limits: false, stateDelayMs: 0 });
process.stdout.write(`${kinesis.url}\n`);
