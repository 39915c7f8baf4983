import { relative } from "node:path";
import { callerName, inspectMigrations, makeMigration, migrate as runMigrations } from "@millrace/migrations";
import type { Inspection, InspectedMigration, MigrationFailure, MigrationResult } from "@millrace/migrations";
import { command, jsonOption, stageOption } from "../command-line.ts";
import { UsageError } from "../errors.ts";
import { printJson, printLine, renderTable } from "../output.ts";
import { connectStage, type StageConnection } from "../stage.ts";

const actions = ["plan", "up", "status", "new"] as const;

/** What an action is given of the command line. */
interface Given {
  readonly json: boolean;
  /** What is still to run counts as a failure. */
  readonly check: boolean;
  /** Undefined for the project's own files. */
  readonly directory: string | undefined;
}

/** `millrace migrate`: the SQL files beside the warehouse. Exit code 1 when a file failed or a run would be refused. */
export const migrate = command({
  name: "migrate",
  description: "Show, apply or begin migrations of the warehouse",
  args: {
    action: {
      type: "positional",
      required: true,
      description: "plan: the SQL that up would run; up: run it; status: files beside the ledger; new: begin a file",
      valueHint: actions.join("|"),
    },
    title: { type: "positional", required: false, description: "Of the new file, as in add_index (new)" },
    stage: stageOption,
    directory: {
      type: "string",
      description: "Folder of the SQL files; without it the project's own, packages/migrations/sql",
      valueHint: "DIR",
    },
    repeatable: { type: "boolean", default: false, description: "Begin a file that runs again when it changes (new)" },
    check: { type: "boolean", default: false, description: "Exit code 1 if there is something to run (plan, status)" },
    json: jsonOption,
  },
  examples: [
    ["npx millrace migrate status", "which files the local warehouse has, by whom and since when"],
    ["npx millrace migrate plan --stage staging", "the SQL that up would run there, changing nothing"],
    ["npx millrace migrate status --check", "exit code 1 unless every file is applied as it is"],
    ["npx millrace migrate up --stage staging", "run it; waits for another run, says for whose"],
    ["npx millrace migrate new add_orders", "an empty file with the next number"],
  ],
  async run({ action, title, stage, directory, repeatable, check, json }, signal) {
    if (!(actions as readonly string[]).includes(action))
      throw new UsageError(`millrace migrate has no ${JSON.stringify(action)}: it has ${actions.join(", ")}.`);
    if ((action === "new") !== (title !== undefined))
      throw new UsageError(
        action === "new"
          ? "millrace migrate new takes a title, as in add_orders."
          : `millrace migrate ${action} takes no title.`,
      );
    if (check && action !== "plan" && action !== "status")
      throw new UsageError("--check belongs to millrace migrate plan and status.");
    if (repeatable && action !== "new") throw new UsageError("--repeatable belongs to millrace migrate new.");
    const given: Given = { json, check, directory };
    if (action === "new") return begin(title ?? "", repeatable, given);
    return withStage(stage, (connection) =>
      action === "up"
        ? apply(connection, given, signal)
        : inspect(connection, action as "plan" | "status", given, signal),
    );
  },
});

async function withStage(stage: string, work: (connection: StageConnection) => Promise<number>): Promise<number> {
  const connection = await connectStage(stage);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

async function begin(title: string, repeatable: boolean, { directory, json }: Given): Promise<number> {
  const kind = repeatable ? "repeatable" : "versioned";
  const path = await makeMigration(title, { kind, ...(directory !== undefined && { directory }) });
  if (json) printJson({ path });
  else printLine(relative(process.cwd(), path));
  return 0;
}

async function inspect(
  connection: StageConnection,
  action: "plan" | "status",
  { json, check, directory }: Given,
  signal: AbortSignal,
): Promise<number> {
  const inspection = await inspectMigrations({ ...targetOf(connection, directory), signal });
  if (json) printJson(inspection);
  else printLine((action === "plan" ? renderPlan : renderStatus)(inspection));
  const isFine = inspection.problems.length === 0 && !(check && inspection.migrations.some(isOpen));
  return isFine ? 0 : 1;
}

async function apply(connection: StageConnection, { json, directory }: Given, signal: AbortSignal): Promise<number> {
  const result = await runMigrations({
    ...targetOf(connection, directory),
    signal,
    who: callerName(),
    onProgress: ({ name, state, number, count }) => {
      if (process.stderr.isTTY || state === "failed") process.stderr.write(`${number}/${count} ${name} ${state}\n`);
    },
    onWait: ({ who, since }) => void process.stderr.write(`waiting for ${who}, who is migrating since ${since} UTC\n`),
  });
  if (json) printJson(result);
  else printLine(renderResult(result));
  return result.failed ? 1 : 0;
}

function targetOf({ warehouse, outputs }: StageConnection, directory: string | undefined) {
  const { streamName, redshiftRoleArn } = outputs;
  return { warehouse, values: { streamName, redshiftRoleArn }, ...(directory !== undefined && { directory }) };
}

const isOpen = ({ state }: InspectedMigration) => state !== "applied";

function renderPlan(inspection: Inspection): string {
  const open = inspection.migrations.filter(isOpen);
  const files = open.map(({ name, state, runsAlone, statements }) =>
    [
      `-- ${name}.sql: ${state}, ${runsAlone ? "runs by itself" : "one transaction"}`,
      ...statements.map(({ sql }) => `${sql};`),
    ].join("\n"),
  );
  const end = open.length === 0 ? "-- nothing to run" : `-- ${open.length} to run`;
  return [...files, end, ...notesOf(inspection).map((note) => `-- ${note}`)].join("\n\n");
}

function renderStatus(inspection: Inspection): string {
  const rows = inspection.migrations.map(({ name, state, appliedBy, appliedAt }) => [
    name,
    state,
    appliedBy,
    appliedAt,
  ]);
  const open = inspection.migrations.filter(isOpen).length;
  return [
    renderTable(["file", "state", "by", "at (UTC)"], rows),
    open === 0 ? "All applied." : `${open} to run: npx millrace migrate plan shows the SQL.`,
    ...notesOf(inspection),
  ].join("\n");
}

function notesOf({ problems, holder }: Inspection): readonly string[] {
  const held = holder && `${holder.who} has the lock since ${holder.since} UTC (process ${holder.pid}).`;
  return [...problems, ...(held === undefined ? [] : [held])];
}

function renderResult({ applied, alreadyApplied, failed, notTried }: MigrationResult): string {
  return [
    `${applied.length} applied, ${alreadyApplied.length} were there.`,
    ...(failed ? [renderFailure(failed), `${notTried.length} not tried.`] : []),
  ].join("\n");
}

function renderFailure({ file, line, statement, message }: MigrationFailure): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return [`${place}: ${message}`, ...(statement === undefined ? [] : [`  in: ${statement.replace(/\s+/g, " ")}`])].join(
    "\n",
  );
}
