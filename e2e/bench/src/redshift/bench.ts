import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { say } from "../progress.ts";
import { measureArrivals, untilVisible } from "./arrivals.ts";
import { drawArrivals } from "./arrivals-chart.ts";
import { startCloud } from "./cloud-under-test.ts";
import type { CloudUnderTest } from "./cloud-under-test.ts";
import type { Form } from "./events.ts";
import { measureGrowth } from "./growth.ts";
import { sendSteadily } from "./load.ts";
import { FULL_PLAN, LONG_PLAN, QUICK_PLAN } from "./plan.ts";
import type { Plan } from "./plan.ts";
import { measureQuery, objectsQuestion, typedQuestion, unnestedQuestion } from "./queries.ts";
import type { QueryFigure, Question } from "./queries.ts";
import { renderReport, toFigures } from "./report.ts";
import type { RedshiftResults } from "./report.ts";
import { describeMachine } from "../figure.ts";

const checkout = join(import.meta.dirname, "../../../..");
/** Events a second into the views that are only asked. */
const FILL_RATE = 50_000;

/** Measures the local Redshift beside DuckDB alone, prints the page and writes it to `docs/benchmarks`, or to `.millrace/bench` if it was a quick run. */
export async function runRedshiftBench(options: {
  readonly asJson: boolean;
  readonly quick: boolean;
  readonly long: boolean;
}): Promise<void> {
  const results = await measure(options.quick ? QUICK_PLAN : options.long ? LONG_PLAN : FULL_PLAN);
  const directory = join(checkout, options.quick ? ".millrace/bench" : "docs/benchmarks");
  const page = renderReport(results);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "redshift.md"), page);
  await writeFile(join(directory, "redshift-arrivals.svg"), drawArrivals(results.arrivals));
  const json = { machine: describeMachine(), figures: toFigures(results) };
  process.stdout.write(options.asJson ? `${JSON.stringify(json)}\n` : page);
  say(`written to ${directory}`);
}

async function measure(plan: Plan): Promise<RedshiftResults> {
  const arrivals = await withCloud((cloud) => measureArrivals(cloud, plan));
  const [growth, typed] = await withCloud(async (cloud) => {
    const grown = await measureGrowth(cloud, plan);
    const size = { rows: grown.rows, rounds: plan.queryRounds, shreddingMs: plan.shreddingMs };
    return [grown, await measureQuery(cloud, typedQuestion, size)] as const;
  });
  const objects = await askFilled("single", objectsQuestion, plan);
  const unnested = await askFilled("packed", unnestedQuestion, plan);
  const date = new Date().toISOString().slice(0, 10);
  return { date, plan, arrivals, growth, queries: [typed, objects, unnested] };
}

async function askFilled(form: Form, question: Question, plan: Plan): Promise<QueryFigure> {
  return withCloud(async (cloud) => {
    const sent = await sendSteadily(cloud, { form, ratePerSecond: FILL_RATE, count: plan.superRows });
    await untilVisible(cloud, sent.records);
    return measureQuery(cloud, question, {
      rows: sent.events,
      rounds: plan.queryRounds,
      shreddingMs: plan.shreddingMs,
    });
  });
}

async function withCloud<Result>(work: (cloud: CloudUnderTest) => Promise<Result>): Promise<Result> {
  const cloud = await startCloud();
  try {
    return await work(cloud);
  } finally {
    await cloud.stop();
  }
}
