import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dev, millraceOf } from "./harness/millrace.ts";
import { announceSkip, findChromium } from "./harness/tools.ts";
import { requestsFile } from "./harness/requests-file.ts";
import { workspaceDirectory } from "./harness/workspace-copy.ts";

const executablePath = findChromium();
if (!executablePath) {
  if (process.env["MILLRACE_REQUIRE_BROWSER"])
    throw new Error("MILLRACE_REQUIRE_BROWSER is set and no Chromium was found on PATH");
  announceSkip(
    "the live page in a real browser",
    "Put chromium or google-chrome on PATH, or name one in MILLRACE_CHROMIUM.",
  );
}

/** Where the picture of the page goes; `MILLRACE_PICTURE` names docs/live-page.png when the README's picture is made anew. */
const picture = join(workspaceDirectory, process.env["MILLRACE_PICTURE"] ?? ".millrace/reports/live-page.png");

describe.skipIf(!executablePath)("the live page in a browser", () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), "millrace-page-"));
  const millrace = millraceOf({ dataDirectory });
  let dev: Dev;
  let browser: Browser;

  beforeAll(async () => {
    dev = await millrace.dev(["--rate", "50"]);
    browser = await chromium.launch({
      executablePath: executablePath ?? "",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await dev?.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  });

  test("shows the events that were sent, moves, and the counts add up", { timeout: 300_000 }, async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, deviceScaleFactor: 1 });
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(dev.page);
    const total = async (): Promise<number> => Number(await page.locator("[data-total]").getAttribute("data-total"));
    await expect.poll(total, { timeout: 20_000 }).toBeGreaterThan(0);
    const early = await total();
    await expect.poll(total, { timeout: 20_000 }).toBeGreaterThan(early + 50);

    const file = requestsFile();
    // For the README's picture the file comes slowly, so that the chart is full of it and not of one peak.
    const pace = process.env["MILLRACE_PICTURE"] ? ["--rate", "70"] : [];
    const replayed = await millrace.run(["replay", file.path, "--wait", "--json", ...pace]);
    expect(replayed.code, replayed.stderr).toBe(0);
    await expect.poll(total, { timeout: 20_000 }).toBeGreaterThan(early + file.lines);

    await putAsForeigner(dev, ['{"event_id": "cut off', '{"event_id":"f-1","event_name":"DANCE"}', "[]"]);
    const text = (): Promise<string> => page.locator("body").innerText();
    await expect.poll(text, { timeout: 20_000 }).toContain(await busiestPath(millrace));
    await expect.poll(text, { timeout: 20_000 }).toContain("Not JSON");
    await expect
      .poll(() => page.locator("[data-counts-ok]").first().getAttribute("data-counts-ok"), { timeout: 20_000 })
      .toBe("true");
    expect(problems).toEqual([]);
    mkdirSync(dirname(picture), { recursive: true });
    await page.screenshot({ path: picture, fullPage: true });
    await page.close();
  });
});

/** Puts records straight onto the stream, past the producer's checks. */
async function putAsForeigner({ cloud, outputs }: Dev, texts: readonly string[]): Promise<void> {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const kinesis = new KinesisClient({ endpoint: cloud, region: outputs["region"] ?? "", credentials });
  const records = texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
  await kinesis.send(new PutRecordsCommand({ StreamName: outputs["streamName"], Records: records }));
  kinesis.destroy();
}

async function busiestPath(millrace: ReturnType<typeof millraceOf>): Promise<string> {
  const sql = "SELECT path, COUNT(*) FROM web_requests GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1";
  const { stdout } = await millrace.run(["query", sql, "--json"]);
  return (JSON.parse(stdout) as { rows: [string, number][] }).rows[0]?.[0] ?? "";
}
