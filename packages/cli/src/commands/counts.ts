import { type Counts, readCounts } from "@millrace/dashboard";
import { command, jsonOption, stageOption } from "../command-line.ts";
import { formatCount, printJson, printLine, renderTable } from "../output.ts";
import { connectStage } from "../stage.ts";

/** `millrace counts`: do the stream and the warehouse agree? Exit code 1 when they do not. */
export const counts = command({
  name: "counts",
  description: "Count the stream and the warehouse independently and say whether they agree",
  args: { stage: stageOption, json: jsonOption },
  examples: [
    ["npx millrace counts", "records and events of the local stage, as two equations"],
    ["npx millrace counts --json", "the same for a script; exit code 1 when they do not add up"],
  ],
  async run({ stage, json }, signal) {
    const connection = await connectStage(stage);
    try {
      const { warehouse, kinesis, outputs } = connection;
      const result = await readCounts({ warehouse, kinesis, streamName: outputs.streamName, signal });
      if (json) printJson(result);
      else printLine(renderCounts(result));
      return result.records.ok && result.events.ok ? 0 : 1;
    } finally {
      connection.close();
    }
  },
});

function renderCounts({ records, events, inFlight, notes }: Counts): string {
  const typed = Object.entries(events.typed).map(([family, count]) => [`  ${family}`, formatCount(count)]);
  return [
    renderTable(
      ["what", "count"],
      [
        ["records in the stream, to the view's position", formatCount(records.stream)],
        ["rows of the streaming view", formatCount(records.view)],
        ["  of records that the stream no longer holds", formatCount(records.expired)],
        ["skipped by the streaming view", formatCount(records.skipped)],
        ["events", formatCount(events.total)],
        ...typed,
        ["  quarantined", formatCount(events.quarantined)],
        ["records without an event (not JSON, bare values, empty arrays)", formatCount(events.withoutEvents)],
        ["in the stream, not yet visible", formatCount(inFlight)],
      ],
    ),
    `${records.ok ? "✓" : "✗"} stream ${formatCount(records.stream)} = view ${formatCount(records.view)} - expired ${formatCount(records.expired)} + skipped ${formatCount(records.skipped)}`,
    `${events.ok ? "✓" : "✗"} events ${formatCount(events.total)} = typed + quarantined`,
    ...notes.map((note) => `  ${note}`),
  ].join("\n");
}
