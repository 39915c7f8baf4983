import { openKinesis } from "../src/index.ts";

/** A process that has a directory of streams open until it is killed, and says so on stdout. Argument: the directory. */
const [directory = ""] = process.argv.slice(2);
await openKinesis({ directory });
process.stdout.write("open\n");
setInterval(() => {}, 60_000);
