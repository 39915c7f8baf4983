import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endlessStream } from "../../../testing/endless-stream.ts";
import { openDatabase } from "../database.ts";

test("a process killed while it loads has neither lost nor doubled a record", async () => {
  const directory = await mkdtemp(join(tmpdir(), "millrace-killed-"));
  const file = join(directory, "dev.duckdb");
  try {
    const seen = await ingestAndKill(file, 3_000);
    const end = Math.ceil(seen / 500) * 500 + 5_000;
    const database = await openDatabase({
      file,
      databaseName: "dev",
      streams: endlessStream(end),
      isRoleAttached: () => true,
      defaultRoleArn: () => undefined,
      region: "eu-west-1",
      shredFromBytes: 0,
    });
    const session = await database.connect({ name: "admin", superuser: true });
    const numbers = async (relation: string) =>
      (
        await session.execute(
          `SELECT COUNT(*), COUNT(DISTINCT sequence_number), MAX(sequence_number)::int FROM ${relation}`,
        )
      ).rows[0];
    const first = (await numbers("mv"))!;
    expect(Number(first[0])).toBeGreaterThanOrEqual(seen);
    const last = Math.max(end, Number(first[0]));
    for (const relation of ["mv", "typed"])
      await expect.poll(() => numbers(relation), { timeout: 10_000 }).toEqual([BigInt(last), BigInt(last), last]);
    const shredded = await session.execute(
      "SELECT COUNT(payload.n::int), MAX(payload.n::int), COUNT(payload.n0::int) FROM mv",
    );
    expect(shredded.rows).toEqual([[BigInt(last), last, 0n]]);
    await database.close();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

/** Resolves to the number of rows that the process had seen when it was killed. */
async function ingestAndKill(file: string, rows: number): Promise<number> {
  const script = join(import.meta.dirname, "../../../testing/ingest-until-killed.ts");
  const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  let seen = 0;
  for await (const chunk of child.stdout) {
    const lines = String(chunk).trim().split("\n");
    seen = Number(lines.at(-1));
    if (seen >= rows) break;
  }
  child.kill("SIGKILL");
  await exit;
  return seen;
}
