import { startLocalKinesis } from "@millrace/local-kinesis";

// The local Kinesis in a process of its own. Argument: its directory.
const [directory = ""] = process.argv.slice(2);
const kinesis = await startLocalKinesis({ directory, port: 0, limits: false, stateDelayMs: 0 });
process.stdout.write(`${JSON.stringify({ url: kinesis.url, http2Url: kinesis.url })}\n`);
process.stdin.resume().on("end", () => void kinesis.close().then(() => process.exit()));
