import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleHandler } from "./handler-bundle.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-bundle-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("the bundle of the producer's handler", () => {
  it("is the same text again, and holds no path of this machine", async () => {
    const [first, second] = [await bundleHandler(), await bundleHandler()];
    expect(second).toBe(first);
    const workspace = join(import.meta.dirname, "..", "..", "..");
    expect(first).not.toContain(workspace);
    expect(first).not.toContain(tmpdir());
  });

  it("is a module that Node loads without anything beside it, and exports handler", async () => {
    const file = join(folder, "index.mjs");
    await writeFile(file, await bundleHandler());
    const script = `console.log(typeof (await import("./index.mjs")).handler)`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: folder,
      env: { ...process.env, STREAM_NAME: "s", AWS_REGION: "eu-west-1" },
    });
    expect(stdout.trim()).toBe("function");
  });

  it("does not depend on the files' times, and changes with their text", async () => {
    const source = join(folder, "source", "handler.ts");
    await mkdir(join(folder, "source"));
    await writeFile(source, "export const handler = (): number => 1;\n");
    const first = await bundleHandler(source);
    await utimes(source, 1, 1);
    expect(await bundleHandler(source)).toBe(first);
    await writeFile(source, "export const handler = (): number => 2;\n");
    expect(await bundleHandler(source)).not.toBe(first);
  });

  it("names file and line of what cannot be bundled", async () => {
    const source = join(folder, "broken.ts");
    await writeFile(source, "export const handler = ;\n");
    await expect(bundleHandler(source)).rejects.toThrow(/broken\.ts:1:/);
  });
});
