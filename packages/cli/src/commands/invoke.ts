import { readFile } from "node:fs/promises";
import { createHandler } from "@millrace/producer";
import { command, stageOption } from "../command-line.ts";
import { UserError } from "../errors.ts";
import { printJson } from "../output.ts";
import { connectStage } from "../stage.ts";

/** `millrace invoke`: runs the Lambda handler here, against a stage's stream. */
export const invoke = command({
  name: "invoke",
  description: "Run the producer's Lambda handler on this machine, against a stage's stream",
  args: {
    event: {
      type: "string",
      description: 'File with the invocation\'s event as JSON, e.g. {"count": 5}',
      valueHint: "FILE",
    },
    stage: stageOption,
  },
  examples: [
    ["npx millrace invoke", "five random activity events to the local stream"],
    [
      "npx millrace invoke --event event.json --stage staging",
      "what the Lambda would do there, with your own credentials",
    ],
  ],
  async run({ event, stage }) {
    const input = event === undefined ? {} : await readEvent(event);
    const connection = await connectStage(stage);
    try {
      const handler = createHandler({ client: connection.producerKinesis, streamName: connection.outputs.streamName });
      printJson(await handler(input));
      return 0;
    } finally {
      connection.close();
    }
  },
});

async function readEvent(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new UserError(`The event file ${path} cannot be read.`, { cause });
  });
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new UserError(`The event file ${path} is not JSON.`, { cause });
  }
}
