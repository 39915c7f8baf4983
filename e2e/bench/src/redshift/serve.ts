import { enableCompileCache } from "node:module";

// The local cloud in a process of its own: Kinesis and Redshift behind one port, started as `npm start` does. Argument: its directory.
enableCompileCache();
const { startLocalCloud } = await import("@millrace/local-cloud");
const [directory = ""] = process.argv.slice(2);
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const cloud = await startLocalCloud({ directory, port: 0, limits: false, log });
process.stdout.write(`${JSON.stringify({ url: cloud.url })}\n`);
process.stdin.resume().on("end", () => void cloud.close().then(() => process.exit()));
