import { runKinesisBench } from "./kinesis/bench.ts";
import { runPipelineBench } from "./pipeline.ts";

const HELP = `npm run bench                         the whole pipeline: starts, throughput, latency, memory
npm run bench -- kinesis              the local Kinesis beside a null endpoint, kinesalite and kinesis-mock; a quarter of an hour;
                                      writes docs/benchmarks/kinesis.md and its charts
npm run bench -- kinesis --quick      the same in about half a minute, as a smoke test; writes to .millrace/bench instead

  --json                              figures as one JSON line
`;

const args = process.argv.slice(2);
const asJson = args.includes("--json");
const [name = "pipeline"] = args.filter((argument) => !argument.startsWith("--"));
if (args.includes("--help")) process.stdout.write(HELP);
else if (name === "pipeline") await runPipelineBench({ asJson });
else if (name === "kinesis") await runKinesisBench({ asJson, quick: args.includes("--quick") });
else {
  process.stderr.write(`there is no bench ${JSON.stringify(name)}; these there are:\n\n${HELP}`);
  process.exitCode = 2;
}
