import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { openRegistry } from "./registry.ts";

const program = `
const { openRegistry } = await import(process.argv[1]);
const registry = await openRegistry({ directory: process.argv[2], now: Date.now, stateDelayMs: 0 });
for (let n = 0; ; n++) {
  const usageLimitId = "limit-" + n;
  const record = { usageLimitId, resourceArn: "", usageType: "", period: "", amount: 1, breachAction: "" };
  await registry.change((draft) => void draft.usageLimits.push(record));
  console.log(usageLimitId);
}`;

it("holds every change that was confirmed, after a kill at any moment", async () => {
  const directory = await mkdtemp(join(tmpdir(), "registry-"));
  const args = ["--input-type=module", "-e", program, new URL("./registry.ts", import.meta.url).href, directory];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const confirmed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    confirmed.push(line);
    if (confirmed.length === 20) child.kill("SIGKILL");
  }
  await exited;
  const registry = await openRegistry({ directory, now: Date.now, stateDelayMs: 0 });
  const kept = registry.state.usageLimits.map(({ usageLimitId }) => usageLimitId);
  expect(kept.slice(0, confirmed.length)).toEqual(confirmed);
  expect(kept.length - confirmed.length).toBeLessThanOrEqual(1);
  await rm(directory, { recursive: true, force: true });
});
