import { runKinesisBench } from "./kinesis/bench.ts";
import { runPipelineBench } from "./pipeline.ts";
import { runRedshiftBench } from "./redshift/bench.ts";

const HELP = `npm run bench                         the whole pipeline: starts, throughput, latency, memory
npm run bench -- kinesis              the local Kinesis beside a null endpoint, kinesalite and kinesis-mock; a quarter of an hour;
                                      writes docs/benchmarks/kinesis.md and its charts
npm run bench -- kinesis --quick      the same in about half a minute, as a smoke test; writes to .millrace/bench instead
npm run bench -- redshift             the local Redshift beside DuckDB alone; about ten minutes; writes docs/benchmarks/redshift.md
npm run bench -- redshift --quick     the same in about a minute, as a smoke test; writes to .millrace/bench instead
npm run bench -- redshift --long      with ten minutes of 50,000 events/s instead of three

  --json                              figures as one JSON line
`;

const args = process.argv.slice(2);
const asJson = args.includes("--json");
const [name = "pipeline"] = args.filter((argument) => !argument.startsWith("--"));
if (args.includes("--help")) process.stdout.write(HELP);
else if (name === "pipeline") await runPipelineBench({ asJson });
else if (name === "kinesis") await runKinesisBench({ asJson, quick: args.includes("--quick") });
else if (name === "redshift")
  await runRedshiftBench({ asJson, quick: args.includes("--quick"), long: args.includes("--long") });
else {
  process.stderr.write(`there is no bench ${JSON.stringify(name)}; these there are:\n\n${HELP}`);
  process.exitCode = 2;
}
