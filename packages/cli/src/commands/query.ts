import { command, jsonOption, stageOption } from "../command-line.ts";
import { printJson, printLine, renderTable } from "../output.ts";
import { connectStage } from "../stage.ts";

/** `millrace query "SQL"`: one statement through the Data API, as a table or as JSON. */
export const query = command({
  name: "query",
  description: "Run one SQL statement in the warehouse and print its rows",
  args: {
    sql: { type: "positional", required: true, description: "One SQL statement of Redshift" },
    stage: stageOption,
    json: jsonOption,
  },
  examples: [
    ['npx millrace query "SELECT status, COUNT(*) FROM web_requests GROUP BY 1 ORDER BY 2 DESC"', "requests by status"],
    ['npx millrace query "SELECT * FROM bad_events LIMIT 20" --json', "what did not fit a contract, and why"],
  ],
  async run({ sql, stage, json }, signal) {
    const connection = await connectStage(stage);
    try {
      const result = await connection.warehouse.query(sql, undefined, { signal, name: "millrace-query" });
      const columns = result.columns.map((column) => column.name);
      if (json) printJson({ columns: result.columns, rows: result.rows });
      else
        printLine(columns.length === 0 ? "Done." : `${renderTable(columns, result.rows)}\n${result.rows.length} rows`);
      return 0;
    } finally {
      connection.close();
    }
  },
});
