import { families } from "@millrace/events";
import { openDashboard, type OpenDashboard } from "@millrace/dashboard";
import { deployLocal, startLocalCloud, type DeployEvent } from "@millrace/local-cloud";
import { createProducer, produceSamples, type Producer } from "@millrace/producer";
import { once } from "node:events";
import { Listr } from "listr2";
import { createClosers } from "../closers.ts";
import { command, wholeNumber } from "../command-line.ts";
import { describeError, UserError } from "../errors.ts";
import { printJson, printLine } from "../output.ts";
import { localDirectory, projectDirectory } from "../project.ts";
import { announce, retract } from "../running.ts";
import { connect, type StageConnection, trustOutputs } from "../stage.ts";

/** Settings of `millrace dev`, checked. Ports: 0 takes any free one. */
interface DevSettings {
  readonly pagePort: number;
  readonly cloudPort: number;
  /** Sample events a second; 0 sends none. */
  readonly rate: number;
  /** Whether the local Kinesis holds to AWS's rates. */
  readonly limits: boolean;
  readonly directory: string;
  readonly quiet: boolean;
  /** Where the services and the page tell what they could not do; absent without `MILLRACE_DEBUG`. */
  readonly log: ((line: string) => void) | undefined;
}

/** What runs, and how to end it: the last started ends first. */
interface Started {
  readonly page: string;
  readonly cloud: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/** `millrace dev`, which is `npm start`: the local cloud, the program, a producer and the live page, until Ctrl-C. */
export const dev = command({
  name: "dev",
  description:
    "Run the whole pipeline on this machine: local cloud, program, producer, live page (this is `npm start`)",
  args: {
    port: {
      type: "string",
      default: "4600",
      description: "Port of the live page on 127.0.0.1; 0 takes any free one",
      valueHint: "PORT",
    },
    "cloud-port": {
      type: "string",
      default: "4566",
      description: "Port of the local cloud on 127.0.0.1; 0 takes any free one",
      valueHint: "PORT",
    },
    rate: { type: "string", default: "50", description: "Sample events a second; 0 sends none", valueHint: "N" },
    limits: {
      type: "boolean",
      default: true,
      description: "Hold the local Kinesis to AWS's rates; --no-limits for bulk work",
    },
    json: { type: "boolean", default: false, description: "Print the addresses as one JSON line when all is up" },
  },
  examples: [
    ["npm start", "everything on the usual ports"],
    ["npm start -- --port 0 --cloud-port 0 --json", "free ports, announced as one JSON line"],
    ["npx millrace dev --rate 1000", "1,000 sample events a second"],
    ["npx millrace dev --no-limits", "take events as fast as this machine can"],
  ],
  async run(args, signal) {
    const started = await start(
      {
        pagePort: wholeNumber("--port", args.port, 0, 65_535),
        cloudPort: wholeNumber("--cloud-port", args["cloud-port"], 0, 65_535),
        rate: wholeNumber("--rate", args.rate, 0, 100_000),
        limits: args.limits,
        directory: localDirectory,
        quiet: args.json || !process.stderr.isTTY,
        log: process.env["MILLRACE_DEBUG"] ? (line) => process.stderr.write(`${line}\n`) : undefined,
      },
      signal,
    );
    try {
      if (args.json) printJson({ page: started.page, cloud: started.cloud, outputs: started.outputs });
      else printLine(renderAddresses(started));
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      await started.close();
    }
    return 0;
  },
});

async function start(settings: DevSettings, signal: AbortSignal): Promise<Started> {
  const closers = createClosers();
  let cloud = "";
  let page: OpenDashboard | undefined;
  let outputs: Record<string, unknown> = {};
  let connection: StageConnection | undefined;
  let producer: Producer | undefined;
  const tasks = new Listr(
    [
      {
        title: "Local cloud",
        task: async (_context, task) => {
          const running = await startLocalCloud({
            directory: settings.directory,
            port: settings.cloudPort,
            limits: settings.limits,
            ...logTo(settings.log),
          });
          closers.add(() => running.close());
          signal.throwIfAborted();
          cloud = running.url;
          task.title = `Local cloud on ${cloud}`;
        },
      },
      {
        // Served before there is anything to see, so that who opens it early finds a page that says so.
        title: "Live page",
        task: async (_context, task) => {
          page = await openDashboard({ stage: "local", port: settings.pagePort });
          closers.add(() => page?.close());
          signal.throwIfAborted();
          task.title = `Live page on ${page.url}`;
        },
      },
      {
        title: "Pulumi program, stack local",
        task: async (_context, task) => {
          const progress = { done: 0 };
          const result = await deployLocal({
            projectDirectory,
            stack: "local",
            directory: settings.directory,
            endpoint: cloud,
            signal,
            ...logTo(settings.log),
            onEvent: (event) => {
              task.output = describeDeployEvent(event, progress);
            },
          });
          signal.throwIfAborted();
          outputs = result.outputs;
          task.title = `Pulumi program, stack local: ${describeChanges(result.changes)}`;
        },
      },
      {
        title: settings.rate > 0 ? `Producer, ${settings.rate} events/s` : "No producer",
        task: async () => {
          const names = trustOutputs("local", outputs);
          connection = connect("local", names, cloud);
          closers.add(() => connection?.close());
          const { warehouse, kinesis, producerKinesis } = connection;
          const { streamName } = names;
          if (settings.rate > 0) {
            producer = createProducer({ client: producerKinesis, streamName });
            closers.add(startSamples(producer, settings.rate));
          }
          const stopShowing = page?.show({
            warehouse,
            kinesis,
            streamName,
            ...(producer && { confirmed: () => producer?.counts.stored ?? 0 }),
            ...logTo(settings.log),
          });
          closers.add(() => stopShowing?.());
          await announce(settings.directory, { pid: process.pid, cloud, page: page?.url ?? "", outputs: names });
          closers.add(() => retract(settings.directory));
        },
      },
    ],
    {
      renderer: settings.quiet ? "silent" : "default",
      fallbackRenderer: "silent",
      // A failure is told once, as a sentence, when all is closed again.
      rendererOptions: { collapseSubtasks: false, showErrorMessage: false },
      registerSignalListeners: false,
    },
  );
  try {
    await tasks.run();
    signal.throwIfAborted();
    return { page: page?.url ?? "", cloud, outputs, close: closers.closeAll };
  } catch (error) {
    await closers.closeAll().catch(() => undefined);
    if (signal.aborted || error instanceof TypeError) throw error;
    throw toSentence(error, settings);
  }
}

/** The packages' sentences stand alone: their causes are the operating system's words for the same thing. */
function toSentence(error: unknown, { cloudPort, pagePort }: DevSettings): UserError {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const { code, port } = (cause ?? {}) as { code?: string; port?: number };
  if (code !== "EADDRINUSE") return new UserError(message);
  const [what, option] = port === cloudPort ? ["local cloud", "--cloud-port"] : ["live page", "--port"];
  return new UserError(
    `Port ${port ?? pagePort} for the ${what} is in use on 127.0.0.1: end what listens there (another \`npm start\`, perhaps), ` +
      `or choose another with \`npm start -- ${option} N\`, 0 for any free one.`,
  );
}

/** Starts the sample source; the closer stops it and waits until every event it sent is settled. */
function startSamples(producer: Producer, ratePerSecond: number): () => Promise<void> {
  const stop = new AbortController();
  const ended = produceSamples({ producer, ratePerSecond, families, signal: stop.signal }).catch((error: unknown) => {
    process.stderr.write(`The sample producer has stopped: ${describeError(error)}\n`);
  });
  return async () => {
    stop.abort();
    await ended;
    await producer.close();
  };
}

function logTo(log: DevSettings["log"]): { log?: (line: string) => void } {
  return log ? { log } : {};
}

function describeDeployEvent(event: DeployEvent, progress: { done: number }): string {
  if (event.kind === "diagnostic") return event.message ?? "";
  if (event.status === "done") progress.done++;
  return `${progress.done} resources done, ${event.operation} ${event.name}`;
}

function describeChanges(changes: Readonly<Record<string, number>>): string {
  const words = { create: "created", update: "updated", replace: "replaced", delete: "deleted" } as const;
  const parts = Object.entries(words).flatMap(([operation, word]) =>
    changes[operation] ? [`${changes[operation]} ${word}`] : [],
  );
  return parts.length === 0 ? "nothing changed" : parts.join(", ");
}

function renderAddresses({ page, cloud }: Started): string {
  return [
    "",
    `  Live page     ${page}`,
    `  Local cloud   ${cloud}   (set AWS_ENDPOINT_URL to it and any AWS SDK works; for development and CI, not AWS itself)`,
    "",
    "  In another terminal:",
    "    npx millrace replay FILE.ndjson.gz --wait",
    '    npx millrace query "SELECT event_name, COUNT(*) FROM activity GROUP BY 1"',
    "    npx millrace counts",
    "",
    "  Ctrl-C ends everything.",
  ].join("\n");
}
